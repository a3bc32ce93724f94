"""sm2 serve: pages, API, metrics and streams of a store, while studies begin, run, end and are killed."""

import concurrent.futures
import http.client
import json
import re
import shutil
import signal
import sqlite3
import subprocess
import unittest
from typing import Any, Iterator

from postgres_server import PostgresTest
from served import PLAIN, Dashboard, ServeTest
from sm2_binary import BINARY, PATIENCE, learner, until
from test_report import Page

STUDIES = "/api/v1/studies"
SLOW = dict(resource={"unit": "epoch", "min": 1, "max": 8}, strategy={"name": "successive-halving"})


def messages(stream: http.client.HTTPResponse) -> Iterator[tuple[str, dict[str, Any]]]:
    """Ids and data of server-sent events, to the stream's end."""
    name, data = "", ""
    for raw in stream:
        line = raw.decode("utf-8").rstrip("\n")
        if line.startswith("id: "):
            name = line[4:]
        elif line.startswith("data: "):
            data = line[6:]
        elif not line and data:
            yield name, json.loads(data)
            data = ""


class FinishedTest(ServeTest):
    def setUp(self) -> None:
        super().setUp()
        tuned = self.tune(learner(), resource={"unit": "epoch", "min": 1, "max": 4}, strategy={"name": "sm2-classic"})
        self.assertEqual(tuned.status, 0, tuned)

    def test_says_where_it_is_and_ends_when_asked(self) -> None:
        for wish in (signal.SIGINT, signal.SIGTERM):
            dashboard = self.serve()
            self.assertRegex(dashboard.running.output(), r"^http://127\.0\.0\.1:\d+/\n$")
            dashboard.running.process.send_signal(wish)
            ended = dashboard.running.end()
            self.assertEqual((ended.status, ended.err), (0, ""), ended)

    def test_api_is_what_the_commands_print(self) -> None:
        dashboard = self.serve()
        self.assertEqual(dashboard.json(STUDIES), self.json("list"))
        self.assertEqual(dashboard.json(f"{STUDIES}/s"), self.json("show"))
        self.assertEqual(dashboard.json(f"{STUDIES}/s/trials")["trials"], self.trials())
        exported = json.loads(self.sm2("export", "--format", "json").out)
        for trial in exported["trials"]:
            self.assertEqual(dashboard.json(f"{STUDIES}/s/trials/{trial['trial']}"), trial)
        log = dashboard.get(f"{STUDIES}/s/trials/0/log")
        self.assertEqual((log.status, log.headers["content-type"]), (200, "text/plain; charset=utf-8"))
        self.assertEqual(log.body, self.log(0).decode())
        self.end(dashboard)

    def test_pages(self) -> None:
        dashboard = self.serve()
        listed = dashboard.get("/report")
        self.assertEqual(listed.headers["content-type"], "text/html; charset=utf-8")
        page = Page(listed.body)
        self.assertEqual(page.open, [])
        self.assertIn(("href", "/studies/s/report"), page.attributes)
        self.assertIn("modelled", page.text)
        study = Page(dashboard.get("/studies/s/report").body)
        self.assertEqual(study.open, [])
        for part in (self.json("best")["command_line"], "Best setting", "Learning against energy"):
            self.assertIn(part, study.text)
        for shown in (page, study):
            self.assertEqual({"script", "iframe", "object", "embed", "form"} & set(shown.tags), set())
            self.assertEqual([value for name, value in shown.attributes if name in ("src", "style", "onload")], [])
        self.end(dashboard)

    def test_the_first_screen_is_what_the_commands_say(self) -> None:
        dashboard = self.serve()
        overview, trials = dashboard.json(f"{STUDIES}/s/overview"), self.trials()
        self.assertEqual(overview["study"], self.json("show"))
        self.assertEqual(overview["best"], self.json("best"))
        for trial in overview["dropped"]["trials"]:
            self.assertEqual(trial, trials[trial["trial"]])
        self.assertEqual(overview["front"]["members"], [one["trial"] for one in self.json("best", "--pareto")["front"]])
        self.assertEqual(sum(rung["trained"] for rung in overview["rungs"] if rung["rung"] == 0), len(trials))
        spent = sum(rung["joules"] for rung in overview["rungs"])
        self.assertAlmostEqual(spent, overview["study"]["joules"]["total"], delta=1e-3 * spent)
        self.assertAlmostEqual(overview["course"]["spent"]["joules"][-1], overview["study"]["joules"]["total"], delta=1e-3 * spent)
        columns = dashboard.json(f"{STUDIES}/s/columns")
        self.assertEqual(columns["reason"], [trial["reason"] for trial in trials])
        curves = dashboard.json(f"{STUDIES}/s/curves")["curves"]
        self.assertEqual(curves[0]["trial"], overview["best"]["trial"])
        history = dashboard.json(f"{STUDIES}/s/trials/{overview['best']['trial']}/history")
        self.assertEqual(history["command_line"], overview["best"]["command_line"])
        self.assertEqual(history["trial"], trials[overview["best"]["trial"]])
        self.end(dashboard)

    def test_nothing_new_is_not_sent(self) -> None:
        dashboard = self.serve()
        for path in (STUDIES, *(f"{STUDIES}/s{part}" for part in ("", "/trials", "/trials/0", "/overview", "/columns", "/curves", "/trials/0/history"))):
            tag = dashboard.get(path).headers["etag"]
            again = dashboard.get(path, If_None_Match=tag)
            self.assertEqual((again.status, again.body), (304, ""), path)

    def test_compressed_for_those_who_unpack(self) -> None:
        dashboard = self.serve()
        plain, packed = dashboard.get("/studies/s/report"), dashboard.get("/studies/s/report", Accept_Encoding="gzip, deflate, br")
        self.assertNotIn("content-encoding", plain.headers)
        self.assertEqual(packed.headers["content-encoding"], "gzip")
        self.assertLess(int(packed.headers["content-length"]), int(plain.headers["content-length"]) / 2)

    def test_metrics(self) -> None:
        dashboard = self.serve()
        answer = dashboard.get("/metrics")
        self.assertEqual(answer.headers["content-type"], "text/plain; version=0.0.4; charset=utf-8")
        shown = self.json("show")
        samples = dict(line.rsplit(" ", 1) for line in answer.body.splitlines() if not line.startswith("#"))
        self.assertAlmostEqual(float(samples['sm2_study_energy_joules_total{study="s"}']), shown["joules"]["total"])
        for state, count in shown["trials"].items():
            self.assertEqual(float(samples[f'sm2_study_trials{{study="s",state="{state}"}}']), count)
        self.assertEqual(samples['sm2_study_state{study="s",state="finished"}'], "1")

    def test_reading_changes_nothing(self) -> None:
        database = sqlite3.connect(self.folder / "sm2.db")
        before = database.execute("SELECT count(*), max(seq) FROM events").fetchall()
        mode = (self.folder / "sm2.db").stat().st_mode
        dashboard = self.serve()
        for path in ("/", "/report", "/studies/s/report", STUDIES, f"{STUDIES}/s/trials", f"{STUDIES}/s/overview", "/metrics"):
            self.assertEqual(dashboard.get(path).status, 200)
        self.end(dashboard)
        self.assertEqual(database.execute("SELECT count(*), max(seq) FROM events").fetchall(), before)
        self.assertEqual((self.folder / "sm2.db").stat().st_mode, mode)
        database.close()

    def test_holds_no_transaction(self) -> None:
        dashboard = self.serve()
        self.assertEqual(dashboard.get("/studies/s/report").status, 200)
        database = sqlite3.connect(self.folder / "sm2.db", timeout=0)
        busy, _, _ = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        self.assertEqual(busy, 0)
        database.execute("BEGIN EXCLUSIVE")
        database.execute("COMMIT")
        database.close()

    def test_a_store_that_is_gone_is_said_and_another_in_its_place_is_shown(self) -> None:
        dashboard = self.serve()
        self.assertEqual(dashboard.get(f"{STUDIES}/s").status, 200)
        shutil.copy(self.folder / "sm2.db", self.folder / "kept.db")
        for end in ("", "-wal", "-shm"):
            (self.folder / f"sm2.db{end}").unlink(missing_ok=True)
        gone = until(lambda: (answer := dashboard.get(f"{STUDIES}/s")).status == 503 and answer, "503")
        self.assertEqual(gone.headers["content-type"], "application/problem+json")
        self.assertIn("there is no such file", gone.json()["detail"])
        self.assertEqual(dashboard.get("/").status, 503)
        shutil.copy(self.folder / "kept.db", self.folder / "sm2.db")
        self.until_state(dashboard, "finished")


class MistakesTest(ServeTest):
    def test_help(self) -> None:
        ended = self.sm2("serve", "--help")
        self.assertEqual((ended.status, ended.err), (0, ""))
        for part in ("Usage: sm2 serve", "--store", "--listen", "--token-file", "--allow-host"):
            self.assertIn(part, ended.out)

    def test_its_program_is_not_there(self) -> None:
        alone = self.folder / "sm2"
        shutil.copy(BINARY, alone)
        ended = subprocess.run([alone, "serve"], capture_output=True, text=True, env=self.environment)
        self.assertEqual((ended.returncode, ended.stdout), (2, ""))
        self.assertRegex(ended.stderr, "^sm2 serve: cannot start .*/sm2-serve, which belongs beside sm2.*\n$")

    def test_are_one_line(self) -> None:
        self.assert_one_line(self.sm2("serve"), 2, "sm2 serve: store ./sm2.db: there is no such file")
        self.tune(**PLAIN)
        for place in ("8714", "example.org:8714", "127.0.0.1:99999", ""):
            self.assert_one_line(self.sm2("serve", "--listen", place), 2, "ADDRESS:PORT")
        self.assert_one_line(self.sm2("serve", "--nonsense"), 2, "--nonsense")
        dashboard = self.serve()
        taken = self.sm2("serve", "--listen", f"127.0.0.1:{dashboard.port}")
        self.assert_one_line(taken, 2, "cannot listen", "--listen")


class LiveTest(ServeTest):
    def test_fifty_clients_while_a_study_runs_and_is_killed(self) -> None:
        self.write_study(learner("--epoch-seconds=0.05"), **SLOW)
        tuner = self.start("tune", "study.toml")
        tuner.wait_for("^trial . +1 epoch")
        dashboard = self.serve()
        paths = ["/", "/studies/s/report", STUDIES, f"{STUDIES}/s/overview", f"{STUDIES}/s/columns", f"{STUDIES}/s/curves", f"{STUDIES}/s", f"{STUDIES}/s/trials", f"{STUDIES}/s/trials?limit=1", "/metrics"]

        def client(number: int) -> set[int]:
            return {dashboard.get(paths[(number + turn) % len(paths)]).status for turn in range(14)}

        with concurrent.futures.ThreadPoolExecutor(50) as pool:
            clients = [pool.submit(client, number) for number in range(50)]
            self.until_state(dashboard, "running")
            tuner.kill()
            statuses = set().union(*(each.result(PATIENCE) for each in clients))
        self.assertEqual(statuses, {200})
        self.until_state(dashboard, "interrupted")
        self.assertEqual(dashboard.json(f"{STUDIES}/s"), self.json("show"))
        self.assertEqual(self.sm2("tune", "study.toml").status, 0)
        self.until_state(dashboard, "finished")
        self.assertEqual(dashboard.json(f"{STUDIES}/s"), self.json("show"))
        self.assertEqual(dashboard.json(f"{STUDIES}/s/trials")["trials"], self.trials())
        self.end(dashboard)

    def test_a_running_study_is_loaded_anew(self) -> None:
        self.write_study(learner("--epoch-seconds=0.05"), **SLOW)
        tuner = self.start("tune", "study.toml")
        tuner.wait_for("^trial . +1 epoch")
        dashboard = self.serve()
        self.assertIn('http-equiv="refresh"', dashboard.get("/studies/s/report").body)
        self.assertEqual(tuner.end().status, 0)
        self.until_state(dashboard, "finished")
        self.assertNotIn('http-equiv="refresh"', dashboard.get("/studies/s/report").body)

    def test_a_study_that_begins_later_is_listed(self) -> None:
        self.tune(**PLAIN, name="first")
        dashboard = self.serve()
        self.tune(**PLAIN, name="second")
        self.until_state(dashboard, "finished", "second")
        self.assertEqual([study["study"] for study in dashboard.json(STUDIES)["studies"]], ["first", "second"])


class StreamTest(ServeTest):
    def stream(self, dashboard: Dashboard, after: str = "", **headers: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection(dashboard.host, dashboard.port, timeout=PATIENCE)
        self.addCleanup(connection.close)
        connection.request("GET", f"{STUDIES}/s/events{after}", headers={n.replace("_", "-"): v for n, v in headers.items()})
        return connection.getresponse()

    def test_tells_a_study_from_its_beginning_to_its_end(self) -> None:
        self.write_study(learner("--epoch-seconds=0.05"), **SLOW)
        tuner = self.start("tune", "study.toml")
        tuner.wait_for("^trial . +1 epoch")
        dashboard = self.serve()
        stream = self.stream(dashboard, "?after=0")
        self.assertEqual((stream.status, stream.getheader("content-type")), (200, "text/event-stream"))
        known: dict[int, dict[str, Any]] = {}
        last = 0
        for name, data in messages(stream):
            self.assertGreaterEqual(int(name), last)
            last = int(name)
            known |= {trial["trial"]: trial for trial in data["trials"]}
            if data["study"]["state"] == "finished":
                break
        self.assertEqual(tuner.end().status, 0)
        self.assertEqual(list(known.values()) and [known[number] for number in sorted(known)], self.trials())
        self.assertEqual(last, dashboard.json(f"{STUDIES}/s/trials")["events"])

    def test_goes_on_where_the_client_left_off_and_ends_with_the_server(self) -> None:
        self.assertEqual(self.tune(learner(), **SLOW).status, 0)
        dashboard = self.serve()
        events = dashboard.json(f"{STUDIES}/s/trials")["events"]
        whole = next(messages(self.stream(dashboard, Last_Event_ID="0")))
        self.assertEqual(len(whole[1]["trials"]), len(self.trials()))
        rest = messages(self.stream(dashboard, Last_Event_ID=str(events - 3)))
        name, data = next(rest)
        self.assertEqual(name, str(events))
        self.assertLess(len(data["trials"]), len(self.trials()))
        self.end(dashboard)
        self.assertEqual(list(rest), [])

    def test_streams_are_few(self) -> None:
        self.assertEqual(self.tune(learner(), **SLOW).status, 0)
        dashboard = self.serve()
        streams = [self.stream(dashboard) for _ in range(17)]
        self.assertEqual([stream.status for stream in streams], [200] * 16 + [503])
        self.assertEqual(dashboard.get("/").status, 200)


class DatabaseTest(PostgresTest, ServeTest):
    def test_a_server_that_goes_away_and_comes_back(self) -> None:
        self.write_study(learner(), **SLOW)
        self.assertEqual(self.sm2("tune", "study.toml", "--store", self.store).status, 0)
        dashboard = self.serve("--store", self.store)
        self.assertEqual(dashboard.json(f"{STUDIES}/s"), self.json("show"))
        self.server.stop()
        try:
            gone = until(lambda: (answer := dashboard.get(f"{STUDIES}/s")).status == 503 and answer, "503")
            self.assertEqual(gone.headers["content-type"], "application/problem+json")
            self.assertEqual(gone.headers["retry-after"], "2")
            self.assertEqual(gone.json()["status"], 503)
            self.assertNotIn("secret", gone.body)
            self.assertEqual(dashboard.get("/").status, 503)
            self.assertEqual(dashboard.get("/metrics").status, 503)
        finally:
            self.server.start()
        self.until_state(dashboard, "finished")
        self.assertEqual(dashboard.get("/").status, 200)
        self.end_sessions()
        self.assertEqual(dashboard.get(f"{STUDIES}/s").status, 200)
        self.end(dashboard)

    def test_a_study_in_a_database_is_followed(self) -> None:
        self.write_study(learner("--epoch-seconds=0.05"), **SLOW)
        tuner = self.start("tune", "study.toml", "--store", self.store)
        tuner.wait_for("^trial . +1 epoch")
        dashboard = self.serve("--store", self.store)
        self.until_state(dashboard, "running")
        tuner.kill()
        self.until_state(dashboard, "interrupted")
        self.assertEqual(dashboard.json(f"{STUDIES}/s"), self.json("show"))
        self.assertNotRegex(dashboard.get("/").body + dashboard.get("/report").body, "secret")
        begun = next(trial for trial in dashboard.json(f"{STUDIES}/s/trials")["trials"] if trial["resource"] > 0)
        self.assertEqual(dashboard.get(f"{STUDIES}/s/trials/{begun['trial']}/log").status, 200)


class NamesTest(ServeTest):
    """Names, metrics and logs from elsewhere are text wherever they are shown."""

    BAIT = "</title><script>alert(1)</script>\"'><img src=x onerror=alert(1)>\x1b[31m\u202e"

    def test_are_text(self) -> None:
        program = f"printf '%s\\n' {json.dumps('<script>alert(1)</script>')}; printf '\\033[31m'; echo accuracy=0.5"
        self.tune(["/bin/sh", "-c", program, "sh", "{x}"], pattern=PLAIN["pattern"], space={"x": {"values": [self.BAIT]}})
        with sqlite3.connect(self.folder / "sm2.db") as database:
            database.execute("INSERT INTO studies (name) VALUES (?)", (self.BAIT,))
            copy = "INSERT INTO events SELECT 2, seq, time, kind, body FROM events WHERE study = 1"
            database.execute(copy)
        database.close()
        dashboard = self.serve()
        for path in ("/report", "/studies/s/report"):
            answer = dashboard.get(path)
            self.assertEqual(answer.status, 200)
            page = Page(answer.body)
            self.assertEqual(page.open, [])
            self.assertEqual({"script", "img"} & set(page.tags), set())
            self.assertNotRegex(answer.body, "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]")
        self.assertIn("<script>alert(1)</script>", Page(dashboard.get("/report").body).text)
        listed = dashboard.get(STUDIES)
        self.assertEqual(listed.json()["studies"][1]["study"], self.BAIT)
        for path in (STUDIES, *(f"{STUDIES}/s/{part}" for part in ("overview", "columns", "curves", "trials/0/history"))):
            answer = dashboard.get(path)
            self.assertEqual((answer.status, answer.headers["content-type"]), (200, "application/json"), path)
            self.assertTrue(answer.body.isascii(), path)
            answer.json()
        self.assertEqual(dashboard.json(f"{STUDIES}/s/columns")["params"]["x"], [self.BAIT])
        log = dashboard.get(f"{STUDIES}/s/trials/0/log")
        self.assertEqual(log.headers["x-content-type-options"], "nosniff")
        self.assertNotIn("\x1b", log.body)
        self.assertIn("<script>alert(1)</script>\n", log.body)
        for line in dashboard.get("/metrics").body.splitlines():
            self.assertTrue(line.startswith("#") or re.fullmatch(r'[a-z0-9_]+(\{([a-z]+="([^"\\]|\\.)*",?)+\})? \S+', line), line)


if __name__ == "__main__":
    unittest.main()
