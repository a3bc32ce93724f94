#!/usr/bin/env python3
"""The figures that SM2 is to reach, and what they are here, in one run; docs/performance.md says how each is measured.

    bench/figures.py                        needs the programs of dev/build release sm2 bench
    bench/figures.py --peers                Optuna's beside them, where it has one; needs python3-optuna
    bench/figures.py --only store,answer    some of them: store, answer, start, metering, tpe, scale

Stores lie in build/, on its disk, unless --place names another folder. Nothing is asserted.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Callable, Iterator, NamedTuple, Optional

from metering import share_of_a_core, start_milliseconds

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = ROOT / "build" / "release" / "bench"
SM2 = ROOT / "build" / "release" / "src" / "sm2"
LONG_STUDY = 5000
ANSWERS = 2000
STUDY = """\
[study]
name = "long"
command = ["{program}", "{answers}", "answers"]
metric = {{ name = "accuracy", goal = "maximize" }}
resource = {{ unit = "epoch", max = {answers} }}
[space]
batch_size = {{ low = 16, high = 512, scale = "log" }}
learning_rate = {{ low = 1e-4, high = 1.0, scale = "log" }}
[strategy]
name = "random"
candidates = {trials}
"""


class Figure(NamedTuple):
    name: str
    wanted: str
    here: str
    peer: str = ""


def lines(*command: Any) -> list[dict[str, Any]]:
    done = subprocess.run([*map(str, command)], check=True, stdout=subprocess.PIPE, text=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def most_resident_mb(process: subprocess.Popen) -> float:
    """Of a program from now to its end: what wait4 says begins with the memory of this one."""
    most = 0.0
    while process.poll() is None:
        for line in Path("/proc", str(process.pid), "status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                most = int(line.split()[1]) * 1024 / 1e6
        time.sleep(0.02)
    return most


class Server:
    """A PostgreSQL server of its own in a folder."""

    def __init__(self, folder: Path) -> None:
        environment = os.environ | {"SM2_POSTGRES_PLACE": str(folder)}
        command = [str(ROOT / "tests" / "postgres" / "server")]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
        self.port, self.place = self.process.stdout.readline().split()

    def url(self, database: str = "sm2") -> str:
        return f"postgresql://sm2@/{database}?host={self.place}&port={self.port}"

    def make(self, database: str) -> None:
        self.process.stdin.write(f"database {database}\n")
        self.process.stdin.flush()
        self.process.stdout.readline()

    def end(self) -> None:
        self.process.stdin.close()
        self.process.wait()


class Bench:
    def __init__(self, folder: Path, peers: Optional[Any]) -> None:
        self.folder = folder
        self.peers = peers

    def peer(self, measure: Callable[[Any], str]) -> str:
        return measure(self.peers) if self.peers else ""

    def store(self) -> Iterator[Figure]:
        os.chmod(self.folder, 0o755)
        server = Server(self.folder)
        try:
            cases = lines(PROGRAMS / "studies", 9, 400, self.folder, self.folder / "sm2.db", server.url())
            server.make("optuna")
            optuna = {
                ("sqlite", 1): self.peer(lambda peers: peers.trials_per_second(f"sqlite:///{self.folder}/optuna.db")),
                ("postgresql", 4): self.peer(lambda peers: peers.postgres_trials_per_second(server.url('optuna'))),
            }
        finally:
            server.end()
        for case in cases:
            key = (case["store"], case["workers"])
            program = "a client" if case["client"] else "read by pattern"
            wanted = ">= 2000" if key in optuna else ""
            here = (
                f"{case['trials_per_second']} ({case['low']} to {case['high']}); {case['commits_per_trial']:.2f} commits each, "
                f"{case['of_the_disk']:.2f} of the disk, which syncs in {case['sync_ms']:.3f} ms"
            )
            name = f"finished trials a second, {case['store']}, {case['workers']} at a time, {program}"
            yield Figure(name, wanted, here, optuna.get(key, ""))

    def answer(self) -> Iterator[Figure]:
        study = STUDY.format(program=PROGRAMS / "evaluations", answers=ANSWERS, trials=LONG_STUDY + 1)
        (self.folder / "study.toml").write_text(study)
        before = [str(PROGRAMS / "growth"), "long.db", "study.toml", str(LONG_STUDY)]
        subprocess.run(before, cwd=self.folder, check=True, stdout=subprocess.DEVNULL)
        tune = [str(SM2), "tune", "study.toml", "--store", "long.db", "--quiet"]
        watched = os.environ | {"LD_PRELOAD": str(PROGRAMS / "syncs.so"), "SYNCS": str(self.folder / "syncs")}
        tuner = subprocess.Popen(tune, cwd=self.folder, stdout=subprocess.DEVNULL, env=watched)
        most_mb = most_resident_mb(tuner)
        turns = [[*map(float, line.split())] for line in (self.folder / "answers").read_text().splitlines()]
        own = [float(line) for line in (self.folder / f"syncs.{tuner.pid}").read_text().splitlines()]
        answers = sorted(turn[0] for turn in turns)
        answer, page, byte = map(statistics.median, zip(*turns))
        sync = statistics.median(own)
        here = (
            f"{answer - sync:.3f} ms beyond the store's sync: {answer:.3f} (95 %: {answers[len(answers) * 95 // 100]:.3f}) less {sync:.3f}; "
            f"a byte to a process and back takes {byte:.3f}, a page synced by the program {page:.3f}"
        )
        peer = self.peer(lambda peers: peers.report_and_prune(f"sqlite:///{self.folder}/pruned.db"))
        yield Figure(f"an evaluation answered, after {LONG_STUDY} trials, median", "<= 0.1 ms beyond", here, peer)
        yield Figure(f"memory of a tuner with {LONG_STUDY} trials", "<= 30 MB", f"{most_mb:.1f} MB")

    def start(self) -> Iterator[Figure]:
        plain, measured = start_milliseconds(str(SM2), 40)
        here = f"{statistics.median(measured):.1f} ms, beside {statistics.median(plain):.1f} of true alone"
        yield Figure("sm2 measure true, in all", "<= 20 ms", here)

    def metering(self) -> Iterator[Figure]:
        for name, share in share_of_a_core(str(SM2)):
            wanted = "" if name == "only waking" else "<= 0.1 %"
            yield Figure(f"metering ten times a second, {name}", wanted, f"{100 * share:.3f} % of a core")

    def tpe(self) -> Iterator[Figure]:
        (cost,) = lines(PROGRAMS / "samplers", "speed", "tpe", LONG_STUDY)
        peer = self.peer(lambda peers: peers.tpe(LONG_STUDY))
        here = f"{cost['median_ms']:.3f} ms median, {cost['p99_ms']:.3f} 99th percentile"
        yield Figure(f"TPE ask + tell, 6 parameters, {LONG_STUDY} trials", "<= 1 ms", here, peer)

    def scale(self) -> Iterator[Figure]:
        (cost,) = lines(PROGRAMS / "scale", "asha", 10_000, 1_000_000)
        here = (
            f"{cost['seconds']:.1f} s, {cost['peak_mb'] / 1e3:.2f} GB, {cost['events'] / 1e6:.1f} million events, "
            f"{cost['events_per_second']} a second"
        )
        yield Figure("asha, a million trials, 10,000 workers, simulated", "<= 60 s", here)


def show(figure: Figure) -> None:
    print(figure.name)
    for what, text in (("to reach", figure.wanted), ("here", figure.here), ("optuna", figure.peer)):
        if text:
            print(f"    {what:9} {text}")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--only", default="store,answer,start,metering,tpe,scale")
    parser.add_argument("--place", type=Path, default=ROOT / "build")
    flags = parser.parse_args()
    peers = None
    if flags.peers:
        import optuna_figures as peers
    with tempfile.TemporaryDirectory(prefix="bench-", dir=flags.place) as folder:
        bench = Bench(Path(folder), peers)
        for name in flags.only.split(","):
            for figure in getattr(bench, name)():
                show(figure)


if __name__ == "__main__":
    main()
