"""The reference trainers on libtorch, with checkpoints of real networks: their tuner is killed with -9 at random moments, and
while a checkpoint is being written, and the same command goes on to the end of an undisturbed study, on either store.

The seed is printed; CRASH_SEED repeats it.
"""

import os
import random
import signal
import subprocess
import sys
import time
import unittest
from pathlib import Path
from typing import Any, Optional

from postgres_server import PostgresTest
from sm2_binary import ROOT, Running, command_of, with_mark
from test_kills import METRIC_ALONE, KillTest

SEED = int(os.environ.get("CRASH_SEED", random.SystemRandom().randrange(1_000_000)))
KILLS = 5  # of each trainer on each store, and
KILLS_IN_CHECKPOINTS = 2
ATTEMPTS = 40
IMAGES = Path("/usr/share/datasets/fashion-mnist")
OF_THE_PROCESS = ("memory_mb",)  # not of the training: other in each process


class TrainerTest(KillTest):
    store_words: list[str] = []

    def trainer(self, name: str, *flags: str) -> list[str]:
        """Its command. Skips the test, aloud, where it is not built."""
        program = os.environ.get(f"SM2_{name.upper()}", "")
        if not program or not os.access(program, os.X_OK):
            self.skipTest(f"NOT TESTED WITH THE REFERENCE TRAINERS: {name} is not built; it needs libtorch-dev, and no sanitizer")
        return [program, *flags, "--threads=1", "--epochs=4", "--batch-size={batch_size}"]

    def write(self) -> None:
        self.write_study(
            self.command,
            metric=self.metric,
            resource={"unit": "epoch", "min": 1, "max": 4},
            space={"batch_size": {"values": [16, 32, 64]}},
            strategy=self.strategy,
            objective=METRIC_ALONE,
        )

    def tuner(self) -> Running:
        return self.start("tune", "study.toml", *self.store_words)

    def finish(self) -> None:
        ended = self.tuner().end()
        self.assertEqual((ended.status, ended.err), (0, ""), ended)

    def outcome(self) -> tuple[list[Any], dict[Any, Any], Any]:
        """Decisions, each evaluation with all its metrics, and the winner."""
        told = {}
        for event in self.events("evaluated"):
            metrics = {name: value for name, value in event["metrics"].items() if name not in OF_THE_PROCESS}
            told[event["trial"], event["resource"]] = metrics
        return self.events("decided"), told, self.json("show")["winner"]

    # ---- kills ----

    def program(self) -> Optional[int]:
        """The training program that runs now."""
        return next((pid for pid in with_mark(self.mark) if command_of(pid).startswith(self.command[0])), None)

    def half_written(self) -> list[Path]:
        return list(self.folder.glob("*.trials/s/*/checkpoints/*.unfinished"))

    def stop_in_checkpoint(self, tuner: Running) -> bool:
        """Stops the program while a new checkpoint is half written; false where the study ends first."""
        old = set(self.half_written())
        program = None
        while tuner.process.poll() is None:
            if program is None or not Path(f"/proc/{program}").exists():
                program = self.program()
            elif set(self.half_written()) - old:
                os.kill(program, signal.SIGSTOP)
                time.sleep(0.01)
                if set(self.half_written()) - old:
                    return True
                os.kill(program, signal.SIGCONT)
        return False

    def kill(self, tuner: Running) -> None:
        tuner.kill()
        self.assert_nothing_left(patience=1.0)

    def disturb(self, moments: random.Random) -> None:
        """A study that comes to its end in between is begun again."""
        kills = [True] * KILLS_IN_CHECKPOINTS + [False] * KILLS
        moments.shuffle(kills)
        for _ in range(ATTEMPTS):
            if not kills:
                return
            tuner = self.tuner()
            if kills[-1]:
                self.stop_in_checkpoint(tuner)
            else:
                time.sleep(moments.uniform(0.0, 1.2))
            if tuner.process.poll() is None:
                kills.pop()
                self.kill(tuner)
            else:
                self.assertEqual(tuner.end().status, 0)
                self.afresh()
                self.begin()
        self.fail(f"{len(kills)} kills came too late, again and again")

    # ---- what holds ----

    def assert_joules_add_up(self) -> None:
        joules, trials = self.json("show")["joules"], self.trials()
        self.assertAlmostEqual(joules["total"], sum(trial["joules"] for trial in trials), delta=1e-6 * joules["total"])
        left = [trial["joules"] for trial in trials if trial["state"] == "stopped"]
        self.assertAlmostEqual(joules["dropped"], sum(left), delta=1e-6 * joules["total"])

    def check(self, command: list[str], metric: dict[str, Any], strategy: dict[str, Any]) -> None:
        print(f"CRASH_SEED={SEED}", flush=True)
        self.command, self.metric, self.strategy = command, metric, strategy
        self.begin()
        self.finish()
        undisturbed = self.outcome()
        self.afresh()
        self.begin()
        self.disturb(random.Random(SEED))
        self.finish()
        self.assert_each_evaluation_once()
        self.assertEqual(self.outcome(), undisturbed)
        self.assert_joules_add_up()
        checked = self.sm2("check", *self.store_words[1:])
        self.assertEqual(checked.status, 0, checked)

    def begin(self) -> None:
        """In a folder of its own."""
        make = [sys.executable, str(ROOT / "examples" / "lstm" / "make_series.py"), "series.csv", "600"]
        subprocess.run(make, cwd=self.folder, check=True)
        self.write()

    def test_an_lstm_by_successive_halving(self) -> None:
        flags = ["--data=series.csv", "--window=12", "--hidden=96", "--layers=2", "--dropout=0.2", "--optimizer=adam"]
        halving = {"name": "successive-halving", "candidates": 3}
        self.check(self.trainer("lstm", *flags), {"name": "val_mse", "goal": "minimize"}, halving)

    def test_a_residual_network_on_a_grid(self) -> None:
        if not IMAGES.is_dir():
            self.skipTest("NOT TESTED ON IMAGES: there is no Fashion-MNIST; dev/setup installs dataset-fashion-mnist")
        small = ["--blocks=1,1", "--width=8", "--stem-stride=2", "--train-samples=320", "--validation-samples=100"]
        command = self.trainer("resnet", "--data=fashion-mnist", *small, "--test-samples=0")
        self.check(command, {"name": "val_accuracy", "goal": "maximize"}, {"name": "grid"})


class PostgresTrainerTest(PostgresTest, TrainerTest):
    @property
    def store_words(self) -> list[str]:  # type: ignore[override]
        return ["--store", self.store]


if __name__ == "__main__":
    unittest.main()
