"""Programs that misbehave, all in one study: each has its outcome, its reason and its line, and the one that behaves wins."""

import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
import time
import unittest
from pathlib import Path
from typing import NamedTuple

from sanitized import SANITIZER
from sm2_binary import BINARY, Ended, Running, Sm2Test, TRAINERS, printing, until

UNRULY = str(TRAINERS / "unruly.py")
NOTHING = "^$"
NO_METRIC = "it ended without ever reporting accuracy"
LEFT_OUT = "bytes of output left out of the log"
TOO_MANY_STEPS = "step reports left out, of more than 10,000 a second"
CUT_SHORT = "1 line that was no message, ignored"
GRACE = "3 s" if SANITIZER else "1 s"  # what everything takes is many times more there


class Outcome(NamedTuple):
    state: str
    reason: str  # a regular expression
    note: str  # likewise


TABLE = {
    "behave": Outcome("finished", NOTHING, NOTHING),
    "hang": Outcome("failed", "timed out: limit silence reached", NOTHING),
    "hear_nothing": Outcome("failed", "timed out: limit silence reached", "did not end in .* after SIGTERM, killed"),
    "stop_itself": Outcome("failed", "timed out: limit silence reached", NOTHING),
    "daemonise": Outcome("finished", NOTHING, "left 1 process behind, ended"),
    "fork_often": Outcome("finished", NOTHING, r"left \d+ processes behind, ended"),
    "fill_disk": Outcome("failed", "limit disk exceeded: its folder takes .* GiB of 0.03 GiB", NOTHING),
    "print_a_gigabyte": Outcome("finished", NOTHING, LEFT_OUT),
    "print_without_newlines": Outcome("finished", NOTHING, LEFT_OUT),
    "close_the_socket": Outcome("failed", NO_METRIC, NOTHING),
    "speak_half_a_line": Outcome("failed", NO_METRIC, CUT_SHORT),
    # A tuner under the thread sanitizer cannot read as many.
    "flood_with_steps": Outcome("finished", NOTHING, f"{TOO_MANY_STEPS}|{NOTHING}" if SANITIZER == "thread" else TOO_MANY_STEPS),
    "flood_with_nan": Outcome("failed", "diverged: the loss is not a finite number any more", f"{NOTHING}|{TOO_MANY_STEPS}|{CUT_SHORT}"),
    "eat_memory": Outcome("failed", r"out of memory: limit memory: \S+ GiB of 0.25 GiB", NOTHING),
    "change_directory": Outcome("finished", NOTHING, NOTHING),
}


def resident_mebibytes(tuner: Running) -> float:
    status = Path(f"/proc/{tuner.pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status).group(1)) / 1024


class UnrulyTest(Sm2Test):
    def tune_unruly(self, *ways: str, workers: int = 1, **limits: str) -> Ended:
        self.write_study(
            [sys.executable, UNRULY, "{way}"],
            space={"way": {"values": list(ways)}},
            strategy={"name": "grid"},
            limits={"grace": GRACE, **limits},
        )
        return self.sm2("tune", "study.toml", "--workers", str(workers))

    def test_each_has_its_outcome_and_its_line(self) -> None:
        limits = {"silence": "8 s", "memory": "256 MiB", "disk": "32 MiB", "log": "64 KiB"}
        ended = self.tune_unruly(*TABLE, workers=5, **limits)
        self.assertEqual((ended.status, ended.err), (0, ""), ended)
        self.assert_nothing_left(patience=0)
        self.assertEqual(list(self.sockets.iterdir()), [])
        trials = {trial["params"]["way"]: trial for trial in self.trials()}
        self.assertEqual(set(trials), set(TABLE))
        for way, wanted in TABLE.items():
            with self.subTest(way=way):
                trial = trials[way]
                self.assertEqual(trial["state"], wanted.state, trial)
                self.assertRegex(trial["reason"], wanted.reason)
                self.assertRegex(trial["note"], wanted.note)
                what = trial["reason"] or "finished at 1 epoch"
                lines = [line for line in ended.out.splitlines() if line.startswith(f"trial {trial['trial']} {what}")]
                self.assertEqual(len(lines), 1, ended.out)
                self.assertTrue(lines[0].endswith(trial["note"]), lines)

    def test_evaluations_without_end_fill_neither_journal_nor_memory(self) -> None:
        self.write_study(
            [sys.executable, UNRULY, "flood_with_evaluations", "{batch_size}"],
            strategy={"name": "random", "candidates": 1},
            limits={"grace": "1 s"},
        )
        tuner = self.start("tune", "study.toml", "--quiet")
        until(lambda: self.evaluations() > 10_000, "the first ten thousand")
        time.sleep(2)  # in which it would send a hundred thousand more
        self.assertLess(resident_mebibytes(tuner), 400)  # a sanitizer's own memory included
        tuner.press_ctrl_c()
        self.assertEqual(tuner.end().status, 130)
        (trial,) = self.trials()
        self.assertIn("held up for", trial["note"])
        self.assertLess(trial["evaluations"], 25_000)

    def evaluations(self) -> int:
        try:
            return len(self.events("evaluated"))
        except sqlite3.OperationalError:  # not made yet
            return 0

    def test_a_crash_in_a_later_stretch_is_a_failure(self) -> None:
        self.write_study(
            [sys.executable, UNRULY, "crash_later", "{batch_size}"],
            resource={"unit": "epoch", "min": 1, "max": 4},
            strategy={"name": "successive-halving"},
        )
        self.sm2("tune", "study.toml")
        failed = [trial for trial in self.trials() if trial["state"] == "failed"]
        self.assertTrue(failed)
        for trial in failed:
            self.assertIn("RuntimeError: no luck in the second stretch", trial["reason"])
            self.assertEqual(trial["evaluations"], 1)
        self.assertEqual([trial["state"] for trial in self.trials() if trial["state"] == "paused"], [])

    def test_a_processor_of_its_own(self) -> None:
        program = printing(": {batch_size}; nproc; echo accuracy=0.5")
        self.assertEqual(self.tune(**program, limits={"cpu": 1}).status, 0)
        self.assertEqual(self.log(0), b"1\naccuracy=0.5\n")

    def test_a_log_that_cannot_be_written_ends_nothing(self) -> None:
        """The folder of trials is a small disk of its own, which the program fills before it prints."""
        mount = f"mount -t tmpfs -o size=1m none {shlex.quote(str(self.folder / 'sm2.trials'))}"
        (self.folder / "sm2.trials").mkdir()
        if not shutil.which("unshare") or subprocess.run(["unshare", "-rm", "sh", "-c", mount], capture_output=True).returncode:
            self.skipTest("this user may not mount anything")
        self.write_study([sys.executable, UNRULY, "print_on_a_full_disk", "{batch_size}"],
                         strategy={"name": "random", "candidates": 1})
        tune = f"{mount} && {shlex.quote(BINARY)} tune study.toml"
        ended = subprocess.run(["unshare", "-rm", "sh", "-c", tune], cwd=self.folder, env=self.environment, capture_output=True)
        self.assertEqual((ended.returncode, ended.stderr), (0, b""), ended)
        (trial,) = self.trials()
        self.assertEqual(trial["state"], "finished")
        self.assertIn("its log is incomplete: No space left on device", trial["note"])


if __name__ == "__main__":
    unittest.main()
