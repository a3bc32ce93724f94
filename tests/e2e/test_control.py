"""A study, or a trial of it, paused, resumed and stopped by other programs than its tuner: by commands, and by the API and its page."""

import json
import os
import re
import signal
import sqlite3
import time
import unittest
from collections import Counter
from typing import Any, Optional

from chromium import CHROMIUM, Chromium
from postgres_server import PostgresTest
from served import Dashboard, Response, ServeTest
from sm2_binary import Running, Sm2Test, learner, until, with_mark

EPOCH = 0.5 if os.environ.get("SM2_SANITIZER") else 0.25  # seconds: a command takes its time to start, with a sanitizer more
RUNGS = {"unit": "epoch", "min": 1, "max": 8}
RUNG_OF_SECONDS = {"unit": "epoch", "min": 16, "max": 32}
LONG = {"unit": "epoch", "min": 40, "max": 40}  # a trial trains for longer than a request takes
HALVING = {"name": "successive-halving", "candidates": 4}
METRIC_ALONE = {"energy": 0, "stability": 0}


class ControlTest(Sm2Test):
    store_options: tuple[str, ...] = ()  # for commands that this class does not give them

    def write(self, resource: dict[str, Any]) -> None:
        self.write_study(learner(f"--epoch-seconds={EPOCH}", "--diary=diary"), resource=resource, strategy=HALVING, objective=METRIC_ALONE)

    def tune(self, *more: str) -> Running:
        return self.start("tune", "study.toml", *self.store_options, *more)

    def begun(self, line: str = "^trial . +1 epoch", resource: dict[str, Any] = RUNGS) -> Running:
        self.write(resource)
        tuner = self.tune()
        tuner.wait_for(line)
        return tuner

    @staticmethod
    def started(tuner: Running) -> list[int]:
        """The trials, in the order in which they were begun."""
        return [int(number) for number in re.findall(r"^trial (\d+) starts", tuner.output(), re.MULTILINE)]

    def control(self, wish: str, trial: Optional[int] = None) -> str:
        """What the command says of it."""
        of_trial = () if trial is None else ("--trial", str(trial))
        ended = self.sm2(wish, "s", *self.store_options, *of_trial)
        self.assertEqual((ended.status, ended.err), (0, ""), ended)
        return ended.out

    def refused(self, wish: str, part: str, *more: str) -> None:
        self.assert_one_line(self.sm2(wish, "s", *self.store_options, *more), 2, f"sm2 {wish}: ", part)

    def state(self) -> str:
        return self.json("show")["state"]

    def trial(self, number: int) -> dict[str, Any]:
        return next(one for one in self.trials() if one["trial"] == number)

    def until_state(self, state: str) -> None:
        until(lambda: self.state() == state, f"a study that is {state}")

    def undisturbed(self, resource: dict[str, Any] = RUNGS) -> list[dict[str, Any]]:
        """The decisions of the same study when nobody asks for anything."""
        self.write_study(learner(), resource=resource, strategy=HALVING, objective=METRIC_ALONE, file="undisturbed.toml")
        self.assertEqual(self.sm2("tune", "undisturbed.toml", "--store", "undisturbed.db").status, 0)
        lines = self.sm2("trials", "--json", "--store", "undisturbed.db").out.splitlines()
        return self.decisions([json.loads(line) for line in lines])

    def decided(self) -> list[dict[str, Any]]:
        return self.decisions(self.trials())

    def decisions(self, trials: list[dict[str, Any]]) -> list[dict[str, Any]]:
        self.assertEqual(len(trials), 4)
        return [{key: one[key] for key in ("trial", "state", "params", "metric", "rung", "reason")} for one in trials]

    def assert_whole(self, kills: int = 0) -> None:
        """What a program was answered is stored, and once."""
        checked = self.sm2("check", *(self.store_options[1:] or ("sm2.db",)))
        self.assertEqual((checked.status, checked.err), (0, ""), checked)
        diary = Counter((self.folder / "diary").read_text().splitlines())
        self.assertLessEqual(sum(diary.values()) - len(diary), kills, diary)

    # ---- on every store ----

    def check_a_study_is_paused_and_resumed(self) -> None:
        decided = self.undisturbed()
        tuner = self.begun()
        self.assertEqual(self.control("pause"), "study s is paused as soon as its trials have ended\n")
        self.until_state("paused")
        tuner.wait_for("^paused; sm2 resume s")
        self.assertEqual(with_mark(self.mark), [tuner.pid], "its programs have ended")
        used = self.json("show")["joules"]["total"]
        time.sleep(1.5)
        self.assertEqual(self.json("show")["joules"]["total"], used)
        self.refused("pause", "study 's' is paused already")
        self.refused("stop", "paused as a whole", "--trial", str(self.started(tuner)[0]))
        self.assertEqual(self.control("resume"), "study s goes on\n")
        ended = tuner.end()
        self.assertEqual((ended.status, ended.err), (0, ""), ended)
        self.assertEqual(self.decided(), decided)
        self.assert_whole()

    def check_a_trial_is_paused_and_resumed(self) -> None:
        decided = self.undisturbed(RUNG_OF_SECONDS)
        tuner = self.begun(r"^trial \d+ starts", RUNG_OF_SECONDS)
        first = self.started(tuner)[0]
        self.assertEqual(self.control("pause", first), f"trial {first} is paused as soon as its program has ended\n")
        until(lambda: self.trial(first)["state"] == "paused", "a trial that is paused")
        self.assertEqual(self.trial(first)["wish"], "pause")
        self.assertEqual(self.state(), "running")
        until(lambda: len(self.started(tuner)) == 4, "the others")
        self.refused("pause", f"trial {first} is to pause already", "--trial", str(first))
        self.control("resume", first)
        ended = tuner.end()
        self.assertEqual((ended.status, ended.err), (0, ""), ended)
        self.assertEqual(self.decided(), decided)
        self.assert_whole()

    def check_a_trial_is_stopped(self) -> None:
        tuner = self.begun(resource=LONG)
        until(lambda: len(self.started(tuner)) == 2, "a second trial")
        second = self.started(tuner)[1]
        self.assertEqual(self.control("stop", second), f"trial {second} is stopped as soon as its program has ended\n")
        until(lambda: self.trial(second)["state"] == "stopped", "a trial that is stopped")
        until(lambda: len(self.started(tuner)) == 3, "the next one")
        self.control("stop")
        ended = tuner.end()
        self.assertEqual((ended.status, ended.err), (130, ""), ended)
        self.assertEqual((self.trial(second)["state"], self.trial(second)["reason"]), ("stopped", "stopped by the user"))
        self.assertIn(f"trial {second}: stop, as the user wants", ended.out)
        self.assertNotEqual(self.json("best")["trial"], second)
        self.assert_whole()

    def check_a_study_is_stopped(self) -> None:
        decided = self.undisturbed()
        tuner = self.begun()
        self.assertEqual(self.control("stop"), "study s ends as soon as its trials have ended\n")
        ended = tuner.end()
        self.assertEqual((ended.status, ended.err), (130, ""), ended)
        self.assertIn("nothing is lost: sm2 tune study.toml", ended.out)
        self.assert_nothing_left()
        self.assertEqual(self.state(), "interrupted")
        self.refused("pause", "no tuner works on study 's'; sm2 tune goes on with it")
        self.assertEqual(self.tune().end().status, 0)
        self.assertEqual(self.decided(), decided)
        self.refused("stop", "study 's' is finished")


class SqliteControlTest(ControlTest):
    def test_a_study_is_paused_and_resumed(self) -> None:
        self.check_a_study_is_paused_and_resumed()

    def test_a_trial_is_paused_and_resumed(self) -> None:
        self.check_a_trial_is_paused_and_resumed()

    def test_a_trial_is_stopped(self) -> None:
        self.check_a_trial_is_stopped()

    def test_a_study_is_stopped(self) -> None:
        self.check_a_study_is_stopped()

    def test_a_paused_study_is_left_or_killed(self) -> None:
        """It waits for the same command, which goes on with it."""
        decided = self.undisturbed()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
            tuner = self.begun() if number == signal.SIGINT else self.tune()
            self.until_state("running")
            self.control("pause")
            self.until_state("paused")
            os.kill(tuner.pid, number)
            ended = tuner.end()
            self.assertEqual(ended.status, -number if number == signal.SIGKILL else 130, ended)
            self.assert_nothing_left()
            self.assertEqual(self.state(), "interrupted")
            self.refused("resume", "no tuner works on study 's'")
        self.assertEqual(self.tune().end().status, 0)
        self.assertEqual(self.decided(), decided)
        self.assert_whole(kills=1)

    def test_a_paused_study_is_stopped(self) -> None:
        tuner = self.begun()
        self.control("pause")
        self.until_state("paused")
        self.assertEqual(self.control("stop"), "study s ends as soon as its trials have ended\n")
        ended = tuner.end()
        self.assertEqual((ended.status, ended.err), (130, ""), ended)

    def test_a_tuner_that_stands_by_waits_as_well(self) -> None:
        tuner = self.begun()
        standby = self.tune("--standby")
        self.control("pause")
        self.until_state("paused")
        tuner.kill()
        standby.wait_for("^paused; sm2 resume s goes on")
        time.sleep(1.5)
        self.assertEqual((self.state(), with_mark(self.mark)), ("paused", [standby.pid]))
        self.control("resume")
        self.assertEqual(standby.end().status, 0)
        self.assert_whole(kills=1)

    def test_a_stop_of_a_trial_outlives_its_tuner(self) -> None:
        """Of one that waits for its turn."""
        tuner = self.begun()
        until(lambda: len(self.started(tuner)) == 2, "a second trial")
        first = self.started(tuner)[0]
        self.assertEqual(self.trial(first)["state"], "paused")
        self.control("stop", first)
        tuner.kill()
        self.assert_nothing_left()
        self.assertEqual(self.trial(first)["wish"], "stop")
        launched = sum(event["trial"] == first for event in self.events("launched"))
        self.assertEqual(self.tune().end().status, 0)
        self.assertEqual(sum(event["trial"] == first for event in self.events("launched")), launched)
        self.assertEqual(self.trial(first)["state"], "stopped")
        self.assert_whole(kills=1)

    def test_what_was_asked_of_a_killed_tuner_is_not_asked_of_the_next(self) -> None:
        tuner = self.begun()
        until(lambda: self.events("evaluated"), "an evaluation in the store")
        time.sleep(0.05)  # stopped while it holds no lock on the store
        os.kill(tuner.pid, signal.SIGSTOP)
        asked = self.start("stop", "s")
        until(lambda: self.pending() == 1, "a request in the store")
        tuner.kill()
        self.assertEqual(self.tune().end().status, 0)
        self.assertEqual(self.state(), "finished")
        self.assert_one_line(asked.end(), 2, "sm2 stop: its tuner ended before it heard of it")

    def pending(self) -> int:
        database = sqlite3.connect(self.folder / "sm2.db")
        try:
            return database.execute("SELECT count(*) FROM requests").fetchone()[0]
        finally:
            database.close()

    def test_bad_wishes(self) -> None:
        tuner = self.begun()
        self.refused("stop", "study 's' has no trial 99", "--trial", "99")
        self.assertEqual(self.control("resume"), "study s goes on\n")
        first = self.started(tuner)[0]
        self.refused("resume", f"trial {first} is not paused by a user", "--trial", str(first))
        self.assertEqual(self.sm2("stop", "s", "--trial", "-1").status, 2)
        self.assert_one_line(self.sm2("stop", "z"), 2, "no study 'z'")
        self.control("stop")
        self.assertEqual(tuner.end().status, 130)


class PostgresControlTest(PostgresTest, ControlTest):
    @property
    def store_options(self) -> tuple[str, ...]:  # type: ignore[override]
        return ("--store", self.store)

    def test_a_study_is_paused_and_resumed(self) -> None:
        self.check_a_study_is_paused_and_resumed()

    def test_a_trial_is_stopped(self) -> None:
        self.check_a_trial_is_stopped()

    def test_a_study_at_a_worker_is_paused_and_resumed(self) -> None:
        self.write(RUNGS)
        tuner = self.tune("--workers", "0")
        tuner.wait_for("^all trials are left to workers")
        worker = self.start("worker", "s", *self.store_options)
        tuner.wait_for("^trial . +1 epoch")
        self.control("pause")
        self.until_state("paused")
        time.sleep(3)
        self.assertIsNone(worker.process.poll(), "a worker waits, too")
        self.control("resume")
        self.assertEqual(tuner.end().status, 0)
        self.assertEqual(worker.end().status, 0)
        self.assertEqual(self.state(), "finished")


class ServedControlTest(ServeTest):
    def begun(self, resource: dict[str, Any] = RUNGS) -> tuple[Running, Dashboard]:
        self.write_study(learner(f"--epoch-seconds={EPOCH}"), resource=resource, strategy=HALVING, objective=METRIC_ALONE)
        tuner = self.start("tune", "study.toml")
        tuner.wait_for("^trial . +1 epoch")
        dashboard = self.serve("--token-file", "token")
        self.token = (self.folder / "token").read_text().strip()
        return tuner, dashboard

    def post(self, dashboard: Dashboard, path: str, **headers: str) -> Response:
        return dashboard.get(f"/api/v1/studies/s{path}", method="POST", Authorization=f"Bearer {self.token}", **headers)

    def state(self) -> str:
        return self.json("show")["state"]

    def test_by_the_api(self) -> None:
        tuner, dashboard = self.begun()
        answer = self.post(dashboard, "/pause")
        self.assertEqual((answer.status, answer.headers["content-type"]), (202, "application/json"))
        until(lambda: self.state() == "paused", "a pause")
        again = self.post(dashboard, "/pause")
        self.assertEqual((again.status, again.headers["content-type"]), (409, "application/problem+json"))
        self.assertEqual(again.json()["detail"], "Study 's' is paused already.")
        self.assertEqual(self.post(dashboard, "/resume").status, 202)
        until(lambda: self.state() == "running", "the study again")
        self.assertEqual(self.post(dashboard, "/trials/99/stop").status, 404)
        self.assertEqual(self.post(dashboard, "/stop").status, 202)
        self.assertEqual(tuner.end().status, 130)
        self.assertEqual(self.post(dashboard, "/stop").status, 409)

    def test_only_with_the_token_and_from_no_other_page(self) -> None:
        tuner, dashboard = self.begun()
        path = "/api/v1/studies/s/stop"
        own = f"http://127.0.0.1:{dashboard.port}"
        cookie = dashboard.get(f"/login?token={self.token}").headers["set-cookie"].split(";")[0]
        self.assertEqual(dashboard.get(path, method="POST", Authorization="Bearer x").status, 401)
        self.assertEqual(dashboard.get(path, method="POST", Origin=own).status, 401)
        self.assertEqual(dashboard.get(path, method="POST", Cookie=cookie).status, 403)
        for origin in ("http://evil.example", "null", f"http://localhost:{dashboard.port}", "http://127.0.0.1:1"):
            self.assertEqual(dashboard.get(path, method="POST", Cookie=cookie, Origin=origin).status, 403, origin)
        self.assertEqual(dashboard.get(path, method="POST", Cookie=cookie, Origin=own, Host="evil.example").status, 421)
        self.assertEqual(self.post(dashboard, "/stop", Sec_Fetch_Site="cross-site").status, 403)
        self.assertEqual(dashboard.get(path, Cookie=cookie).status, 405)
        self.assertEqual(self.state(), "running")
        self.assertEqual(dashboard.get(path, method="POST", Cookie=cookie, Origin=own, Sec_Fetch_Site="same-origin").status, 202)
        self.assertEqual(tuner.end().status, 130)

    def test_without_a_token_nobody(self) -> None:
        tuner, _ = self.begun()
        dashboard = self.serve()
        own = f"http://127.0.0.1:{dashboard.port}"
        for headers in ({}, {"Origin": own}, {"Authorization": f"Bearer {self.token}"}):
            answer = dashboard.get("/api/v1/studies/s/stop", method="POST", **headers)
            self.assertEqual(answer.status, 403)
            self.assertIn("--token-file", answer.json()["detail"])
        self.assertNotIn('"sm2-controls" content="yes"', dashboard.get("/studies/s").body)
        tuner.press_ctrl_c()
        self.assertEqual(tuner.end().status, 130)

    @unittest.skipUnless(CHROMIUM, "NOT TESTED IN A BROWSER: there is no chromium here; dev/setup chromium installs it")
    def test_on_the_page(self) -> None:
        tuner, dashboard = self.begun(LONG)
        if "/assets/page.js" not in dashboard.get("/studies/s", Authorization=f"Bearer {self.token}").body:
            self.skipTest("NOT TESTED: sm2 was built without its page")
        browser = Chromium()
        self.addCleanup(browser.close)
        browser.screen(1280, 900)
        url = f"http://127.0.0.1:{dashboard.port}"
        browser.open(f"{url}/login?token={self.token}")
        browser.open(f"{url}/studies/s")
        press = "document.querySelector('.control button.{}').click()"
        browser.wait_for("document.querySelector('.control button.pause')")
        browser.evaluate(press.format("pause"))
        browser.wait_for_text("Asked; it is paused as soon as it is saved.")
        browser.wait_for_text("Paused by the user; sm2 resume goes on.")
        self.assertEqual(self.state(), "paused")
        browser.evaluate(press.format("resume"))
        browser.wait_for("document.querySelector('.control button.pause')")
        running = next(trial["trial"] for trial in self.trials() if trial["state"] == "running")
        browser.open(f"{url}/studies/s/trials/{running}")
        browser.wait_for("document.querySelector('.control button.stop')")
        browser.evaluate(press.format("stop"))
        browser.wait_for_text(f"Stop trial {running}? It is never trained again.")
        browser.evaluate("[...document.querySelectorAll('.control button')].find((one) => one.innerText === 'Cancel').click()")
        browser.evaluate(press.format("stop"))
        browser.wait_for("document.activeElement.innerText === 'Stop it'", "the answer that has the keys")
        browser.key("Enter")
        browser.wait_for_text("stopped by the user")
        browser.open(f"{url}/studies/s")
        browser.wait_for("document.querySelector('.control button.stop')")
        browser.evaluate(press.format("stop"))
        browser.wait_for_text("Stop this study? Its trials are saved, and sm2 tune goes on with it.")
        browser.key("Enter")
        self.assertEqual(tuner.end().status, 130)


if __name__ == "__main__":
    unittest.main()
