"""Every strategy, killed again and again at random moments: the same command goes on, and nothing that was promised is lost.

At least 100 kills in all, of the tuner by SIGKILL and SIGTERM; and of trials. The seed is printed; CRASH_SEED repeats it.
"""

import contextlib
import os
import random
import re
import signal
import sqlite3
import sys
import time
import unittest
from typing import Any, Optional

from sm2_binary import ROOT, Running, command_of, learner, until, with_mark
from test_kills import METRIC_ALONE, KillTest

STRATEGIES = re.findall(r'ROW\("([a-z0-9-]+)"', (ROOT / "src" / "strategy" / "table.h").read_text())
KILLS = 7  # of each
BY_JOULES = ("sm2",)  # and a kill spends some again
SEED = int(os.environ.get("CRASH_SEED", random.SystemRandom().randrange(1_000_000)))


class MatrixTest(KillTest):
    def setUp(self) -> None:
        super().setUp()
        self.known = 0.0  # joules of the study, so far

    def write(self, strategy: str) -> None:
        candidates = {} if strategy in ("grid", "hyperband", "bohb") else {"candidates": 4}
        self.write_study(
            [sys.executable, "-S", *learner("--epoch-seconds=0.01")[1:]],
            resource={"unit": "epoch", "min": 1, "max": 4},
            space={"batch_size": {"values": [8, 16, 32, 64]}},
            strategy={"name": strategy, **candidates, **({"probe": "40 ms"} if strategy == "sm2" else {})},
            objective=METRIC_ALONE,
            limits={"grace": "5 s"},
        )

    def outcome(self) -> tuple[list[Any], dict[Any, float], Any]:
        metrics = {(e["trial"], e["resource"]): e["metrics"]["accuracy"] for e in self.events("evaluated")}
        return self.events("decided"), metrics, self.json("show")["winner"]

    def assert_joules_add_up(self) -> None:
        """The total is the sum over trials, and never less than it was."""
        if not self.events("created"):
            return
        total: Optional[float] = self.json("show")["joules"]["total"]
        each = [trial["joules"] for trial in self.trials() if trial["joules"] is not None]
        if total is None:  # of nothing, or one is not known
            return
        self.assertAlmostEqual(total, sum(each), delta=1e-6 * max(1.0, total))
        self.assertGreaterEqual(total, self.known - 1e-6)
        self.known = total

    def kill_or_interrupt(self, running: Running, moments: random.Random) -> None:
        if moments.random() < 0.7:
            running.kill()
        else:
            os.kill(running.pid, signal.SIGTERM)
            self.assertIn(running.end().status, (0, 130, -signal.SIGTERM))
        self.assert_nothing_left(patience=1.0)

    def assert_nothing_is_lost(self) -> None:
        try:
            self.assert_each_evaluation_once()
        except sqlite3.OperationalError:  # killed before there was a store, or a table in it
            return
        self.assert_joules_add_up()


class CrashMatrixTest(MatrixTest):
    def disturb(self, strategy: str, moments: random.Random) -> None:
        """KILLS kills; a study that comes to its end in between is begun again."""
        kills = 0
        while kills < KILLS:
            running = self.start("tune", "study.toml")
            time.sleep(moments.uniform(0.0, 0.45))
            if running.process.poll() is not None:
                self.finish()
                self.afresh()
                self.write(strategy)
                continue
            self.kill_or_interrupt(running, moments)
            kills += 1
            self.assert_nothing_is_lost()

    def test_every_strategy_goes_on_to_the_same_end(self) -> None:
        print(f"CRASH_SEED={SEED}", flush=True)
        for at, strategy in enumerate(STRATEGIES):
            with self.subTest(strategy=strategy, seed=SEED):
                self.afresh()
                self.write(strategy)
                self.finish()
                undisturbed = self.outcome()
                self.afresh()
                self.write(strategy)
                self.disturb(strategy, random.Random(SEED + at))
                self.finish()
                self.assert_nothing_is_lost()
                if strategy not in BY_JOULES:
                    self.assertEqual(self.outcome(), undisturbed)
        self.assertGreaterEqual(KILLS * len(STRATEGIES), 100)


class KilledTrialsTest(MatrixTest):
    """A trial that is killed is a trial that failed, and says by what; the study goes on with the others."""

    def programs(self) -> list[int]:
        """The training programs that run now."""
        return [pid for pid in with_mark(self.mark) if "learner.py" in command_of(pid)]

    def kill_one(self, strategy: str, moments: random.Random) -> list[dict[str, Any]]:
        """The exits of a study's killed trials. Where the program came to its end first, the study is begun again."""
        for _ in range(20):
            self.afresh()
            self.write(strategy)
            running = self.start("tune", "study.toml")
            victim = until(self.programs, "a training program")[0]
            time.sleep(moments.uniform(0.0, 0.1))
            with contextlib.suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL)
            ended = running.end()
            self.assertEqual(ended.status, 0, ended)
            killed = [event for event in self.events("exited") if event["outcome"] == "killed"]
            if killed:
                return killed
        self.fail("no program could be killed before its end")

    def test_a_killed_trial_failed_and_the_others_go_on(self) -> None:
        print(f"CRASH_SEED={SEED}", flush=True)
        moments = random.Random(SEED)
        for strategy in ("random", "successive-halving", "asha", "tpe", "sm2-classic"):
            with self.subTest(strategy=strategy, seed=SEED):
                killed = self.kill_one(strategy, moments)
                self.assertEqual([event["signal"] for event in killed], [signal.SIGKILL])
                self.assert_nothing_is_lost()
                self.assertNotIn(self.json("show")["winner"], [event["trial"] for event in killed])


if __name__ == "__main__":
    unittest.main()
