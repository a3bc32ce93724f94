#!/usr/bin/env python3
"""What the dashboard costs: time and bytes of its pages and of its API, for a study of 5,000 trials with 27 evaluations each.

    bench/serve.py [SM2 [TRIALS [EVALUATIONS]]]        default: build/release/src/sm2, 5000, 27

And what a browser takes to show the page of it, where Chromium is there: milliseconds from the request to the first paint, to the
answer (what is best, what it cost, why the rest was dropped), and to all pictures, and bytes over the wire; medians of some visits with
nothing kept from before.

The study is one trial that has run, copied. The server reads it as it starts. Times are of the processor, means of 20 requests, and in
brackets medians on the clock, which depend on what else the machine does. Bytes are as sent to a browser, packed, and in brackets as
they are. Nothing is asserted.
"""

import http.client
import json
import os
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "e2e"))
from chromium import CHROMIUM, Chromium  # noqa: E402

STUDY = """
[study]
name = "long"
command = ["/bin/sh", "-c", "for i in $(seq {evaluations}); do echo accuracy=0.$i; done", "sh", "{{batch_size}}"]
pattern = "accuracy=(?P<accuracy>[0-9.]+)"
metric = {{ name = "accuracy", goal = "maximize" }}
resource = {{ unit = "epoch", max = {evaluations} }}
[space]
batch_size = {{ low = 1, high = {trials} }}
[strategy]
name = "random"
candidates = 1
"""
RUNS = 20
VISITS = 7
PATHS = ["/", "/assets/page.js", "/assets/page.css", "/report", "/studies/long/report", "/api/v1/studies", "/api/v1/studies/long"]
PATHS += [f"/api/v1/studies/long/{part}" for part in ("overview", "columns", "curves", "trials", "trials/7/history")]
PATHS += ["/api/v1/studies/long/trials/7", "/metrics"]


def scaled(reading: dict, factor: float) -> dict:
    return reading | {"joules": reading["joules"] * factor} if "joules" in reading else reading


def lengthen(store: Path, trials: int) -> None:
    """As if each of them had run as the first did."""
    with sqlite3.connect(store) as database:
        rows = database.execute("SELECT time, kind, body FROM events ORDER BY seq").fetchall()
        mine = [(at, kind, json.loads(body)) for at, kind, body in rows if kind not in ("created", "opened", "closed")]
        ends = [row for row in mine if row[2].get("decision") == "finish"]
        one = [row for row in mine if row[2].get("trial") == 0]
        copies = []
        for trial in range(trials):
            for at, kind, body in one:
                own = dict(body, trial=trial)
                if kind == "decided":
                    own["params"] = {"batch_size": trial + 1}
                if "energy" in own:
                    own["energy"] = [scaled(reading, 1 + trial / trials) for reading in own.get("energy", [])]
                if kind == "evaluated":
                    own["metrics"] = {name: value * (0.5 + trial / trials / 2) for name, value in own["metrics"].items()}
                copies.append((at, kind, json.dumps(own)))
        first = [row for row in rows if row[1] in ("created", "opened")]
        last = [(at, kind, json.dumps(body)) for at, kind, body in ends] + [row for row in rows if row[1] == "closed"]
        database.execute("DELETE FROM events")
        numbered = [(1, seq, *row) for seq, row in enumerate([*first, *copies, *last], 1)]
        database.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?)", numbered)
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    print(f"{trials} trials, {len(numbered)} events, a store of {store.stat().st_size / 1e6:.0f} MB")


def used(pid: int) -> float:
    """Seconds of the processor."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def get(port: int, path: str, encoding: str = "gzip") -> tuple[float, int]:
    """Seconds and bytes."""
    begin = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path, headers={"Accept-Encoding": encoding})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:
        raise SystemExit(f"{path}: {answer.status} {body.decode()}")
    return time.perf_counter() - begin, len(body)


def visited(port: int) -> None:
    """A browser's view of the study's page."""
    if not CHROMIUM:
        print("no chromium: the page was not looked at")
        return
    browser = Chromium()
    try:
        browser.screen(1280, 900)
        runs = []
        for _ in range(VISITS):
            browser.open(f"http://127.0.0.1:{port}/studies/long")
            browser.wait_for("performance.getEntriesByName('sm2-pictures').length > 0")
            names = ("first-contentful-paint", "sm2-answer", "sm2-pictures")
            times = [browser.evaluate(f"performance.getEntriesByName('{name}')[0].startTime") for name in names]
            browser.evaluate("new Promise((done) => setTimeout(done, 300))")  # the last bytes are told of after they were used
            runs.append([*times, sum(browser.loaded.values())])
            browser.open("about:blank")
        paint, answer, pictures, size = (statistics.median(run[at] for run in runs) for at in range(4))
        print(f"the page: first paint {paint:.0f} ms, answer {answer:.0f} ms, all pictures {pictures:.0f} ms, {size / 1e3:.0f} kB")
    finally:
        browser.close()


def main() -> None:
    sm2 = str(Path(sys.argv[1] if len(sys.argv) > 1 else "build/release/src/sm2").resolve())
    trials = int(sys.argv[2]) if len(sys.argv) > 2 else 5000
    evaluations = int(sys.argv[3]) if len(sys.argv) > 3 else 27
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "sm2.db"
        (Path(folder) / "study.toml").write_text(STUDY.format(trials=trials, evaluations=evaluations))
        subprocess.run([sm2, "tune", "study.toml"], cwd=folder, check=True, capture_output=True)
        lengthen(store, trials)
        begin = time.perf_counter()
        server = subprocess.Popen([sm2, "serve", "--listen", "127.0.0.1:0"], cwd=folder, stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout
            found = re.search(r":(\d+)/", server.stdout.readline())
            assert found
            port = int(found.group(1))
            waited = time.perf_counter() - begin
            print(f"{'until it serves':32} {1e3 * used(server.pid):8.1f} ms ({1e3 * waited:.1f} ms)")
            for path in PATHS:
                before = used(server.pid)
                runs = [get(port, path) for _ in range(RUNS)]
                spent = (used(server.pid) - before) / RUNS
                plain = get(port, path, "identity")[1]
                middle = statistics.median(run[0] for run in runs)
                times = f"{1e3 * spent:8.1f} ms ({1e3 * middle:.1f} ms)"
                print(f"{path:32} {times:24} {runs[0][1] / 1e3:9.1f} kB ({plain / 1e3:.1f} kB)")
            visited(port)
            status = Path(f"/proc/{server.pid}/status").read_text()
            resident = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))
            print(f"{'resident, at most':32} {resident / 1024:8.0f} MiB")
        finally:
            server.terminate()
            server.wait(30)


if __name__ == "__main__":
    main()
