"""Trials that end before their time: by the strategy's verdict, or by a limit of the study file."""

import json
import sys
import unittest
from typing import Any

from sm2_binary import Sm2Test, learner, printing, until

ORDER = {"batch_size": {"values": [32, 16, 64, 8, 128, 256, 512, 4096]}}  # the last ones learn slowest
MEDIAN = {"name": "grid", "pruner": "median"}
EPOCHS = {"unit": "epoch", "max": 6}


def held(megabytes: int) -> str:
    """A program of Python that holds so much memory for a while, then reports."""
    return f"import time; held = bytearray(b'x') * {megabytes << 20}; time.sleep(3); print('accuracy=0.5')"


class VerdictTest(Sm2Test):
    def tune_with_median(self, *flags: str) -> None:
        self.write_study(learner("--diary=diary", *flags), space=ORDER, strategy=MEDIAN, resource=EPOCHS)

    def stopped(self) -> list[dict[str, Any]]:
        return [trial for trial in self.trials() if trial["state"] == "stopped"]

    def test_a_trial_below_the_median_is_stopped_with_its_reason(self) -> None:
        self.tune_with_median()
        self.assertEqual(self.sm2("tune", "study.toml").status, 0)
        stopped = self.stopped()
        self.assertTrue(stopped)
        for trial in stopped:
            self.assertLess(trial["evaluations"], 6)
            self.assertIn("median", trial["reason"])
        self.assertIn("median", self.sm2("trials").out)

    def test_kills_change_no_verdict(self) -> None:
        self.tune_with_median()
        self.assertEqual(self.sm2("tune", "study.toml").status, 0)
        wanted = [(trial["params"], trial["state"], trial["reason"], trial["evaluations"]) for trial in self.trials()]
        self.afresh()
        self.tune_with_median("--epoch-seconds=0.02")
        for kills in range(1, 6):
            running = self.start("tune", "study.toml")
            until(lambda: self.epochs() >= 3 * kills or running.process.poll() is not None, "some epochs")
            running.kill()
            self.assert_nothing_left()
        self.assertEqual(self.sm2("tune", "study.toml").status, 0)
        came = [(trial["params"], trial["state"], trial["reason"], trial["evaluations"]) for trial in self.trials()]
        self.assertEqual(came, wanted)

    def epochs(self) -> int:
        diary = self.folder / "diary"
        return len(diary.read_text().splitlines()) if diary.exists() else 0


class LimitTest(Sm2Test):
    def test_a_trial_over_its_energy_is_never_the_winner(self) -> None:
        # A busy processor takes 50 W, so 20 J are soon used by the one that does not end.
        shell = printing("if [ {batch_size} = 8 ]; then while :; do :; done; fi; echo accuracy=0.5")
        space = {"batch_size": {"values": [8, 16]}}
        energy = {"sources": ["cpu-model"], "cpu_idle": "10 W", "cpu_busy": "50 W"}
        ended = self.tune(**shell, space=space, energy=energy, limits={"energy": "20 J", "grace": "100 ms"})
        self.assertEqual(ended.status, 0, ended)
        over = next(trial for trial in self.trials() if trial["params"]["batch_size"] == 8)
        self.assertEqual(over["state"], "failed")
        self.assertIn("limit energy exceeded", over["reason"])
        self.assertGreaterEqual(over["joules"], 20)
        self.assertIn("exceeded", [event["outcome"] for event in self.events("exited")])
        self.assertEqual(self.json("best")["params"], {"batch_size": 16})

    def test_a_trial_over_its_memory_is_out_of_memory(self) -> None:
        command = [sys.executable, "-c", held(300) + " # {batch_size}"]
        pattern = "accuracy=(?P<accuracy>[0-9.]+)"
        limits = {"memory": "150 MiB", "grace": "100 ms"}
        ended = self.tune(command, pattern=pattern, strategy={"name": "random", "candidates": 1}, limits=limits)
        self.assertEqual(ended.status, 1, ended)
        self.assertIn("out of memory: limit memory", self.trials()[0]["reason"])
        self.afresh()
        limits["memory"] = "600 MiB"
        ended = self.tune(command, pattern=pattern, strategy={"name": "random", "candidates": 1}, limits=limits)
        self.assertEqual(ended.status, 0, ended)

    def test_a_trial_over_its_time_is_timed_out(self) -> None:
        limits = {"time": "0.5 s", "grace": "100 ms"}
        ended = self.tune(**printing(": {batch_size}; sleep 60; echo accuracy=0.5"), limits=limits)
        self.assertEqual(ended.status, 1, ended)
        for trial in self.trials():
            self.assertIn("limit time reached", trial["reason"])
            self.assertLess(trial["seconds"], 10)

    def test_limits_may_be_raised(self) -> None:
        shell = printing(": {batch_size}; sleep 0.1; echo accuracy=0.5")
        self.write_study(**shell, limits={"time": "60 s"})
        self.assertEqual(self.sm2("tune", "study.toml").status, 0)
        self.write_study(**shell, limits={"time": "90 s", "energy": "1 MJ", "memory": "1 GiB"})
        self.assertEqual(self.sm2("tune", "study.toml").status, 0)

    def test_what_a_study_begins_with_is_in_its_journal(self) -> None:
        self.assertEqual(self.tune(learner(), budget={"energy": "1 MJ"}).status, 0)
        (created,) = self.events("created")
        self.assertEqual(created["energy"], 1e6)
        self.assertNotIn("experience", json.dumps(created["file"]))


if __name__ == "__main__":
    unittest.main()
