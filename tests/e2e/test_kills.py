"""kill -9 of the tuner at any moment: nothing is left running, and the same command goes on to the same end."""

import os
import random
import signal
import time
import unittest
from collections import Counter
from pathlib import Path
from typing import Any

from sm2_binary import Running, Sm2Test, learner, with_mark

RUNGS = {"unit": "epoch", "min": 2, "max": 8}
RATE = {"low": 1e-3, "high": 1.0, "scale": "log"}
BATCH = {"values": [8, 16, 32, 64]}
METRIC_ALONE = {"energy": 0, "stability": 0}
COMMAND = learner("--epoch-seconds=0.04", "--diary=diary")

# Lines of the tuner's output that a moment begins with.
MOMENTS = {
    "the first program starts": "^trial . starts",
    "the first evaluation": "^trial . +1 epoch",
    "the end of a first stretch": "^trial . paused at 2",
    "between two rungs": "^rung 0 finished",
    "a second stretch": "^trial . goes on to 4",
    "the second rung's evaluations": "^trial . +3 epoch",
    "between the last two rungs": "^rung 1 finished",
    "the final training": "^trial . goes on to 8",
    "in the final training": "^trial . +6 epoch",
    "the last evaluation": "^trial . +8 epoch",
}


class KillTest(Sm2Test):
    def kill_at(self, running: Running, pattern: str, later: float = 0.0) -> None:
        """Kills the tuner when its output has come so far; within one second nothing runs any more."""
        running.wait_for(pattern)
        time.sleep(later)
        running.kill()
        self.assert_nothing_left(patience=1.0)

    def finish(self) -> None:
        ended = self.sm2("tune", "study.toml")
        self.assertEqual((ended.status, ended.err), (0, ""), ended)
        self.assertEqual(self.json("show")["state"], "finished")

    def assert_each_evaluation_once(self) -> None:
        places = Counter((event["trial"], event["resource"]) for event in self.events("evaluated"))
        self.assertEqual({place: count for place, count in places.items() if count > 1}, {})
        resources: dict[int, list[float]] = {}
        for trial, resource in places:
            resources.setdefault(trial, []).append(resource)
        copies = {event["trial"] for event in self.events("decided") if "parent" in event}
        for trial, reached in resources.items():
            first = reached[0] if trial in copies else 1.0
            self.assertEqual(reached, [first + epoch for epoch in range(len(reached))], f"trial {trial}")

    def assert_trained_from_checkpoints(self, kills: int) -> None:
        """A kill costs at most the epoch that was being saved."""
        diary = (self.folder / "diary").read_text().splitlines()
        self.assertLessEqual(len(diary) - len(set(diary)), kills)


class SameEndTest(KillTest):
    """With a deterministic program, and the metric alone to decide by."""

    def write(self, strategy: str) -> None:
        self.write_study(
            COMMAND,
            resource=RUNGS,
            space={"batch_size": BATCH, "optimizer": {"values": ["sgd", "adam"]}},
            strategy={"name": strategy, "candidates": 4},
            objective=METRIC_ALONE,
        )

    def decided(self) -> list[dict[str, Any]]:
        return self.events("decided")

    def test_a_kill_at_each_moment_changes_nothing(self) -> None:
        self.write("sm2-classic")
        self.finish()
        undisturbed, evaluations = self.decided(), self.metrics()
        for moment, pattern in MOMENTS.items():
            with self.subTest(moment=moment):
                self.afresh()
                self.write("sm2-classic")
                self.kill_at(self.start("tune", "study.toml"), pattern)
                self.finish()
                self.assertEqual(self.decided(), undisturbed)
                self.assertEqual(self.metrics(), evaluations)
                self.assert_each_evaluation_once()
                self.assert_trained_from_checkpoints(kills=1)

    def test_many_kills_at_random_moments_change_nothing(self) -> None:
        self.write("successive-halving")
        self.finish()
        undisturbed, evaluations = self.decided(), self.metrics()
        self.afresh()
        self.write("successive-halving")
        moments = random.Random(1)
        kills = 0
        while kills < 20:
            running = self.start("tune", "study.toml")
            time.sleep(moments.uniform(0.0, 0.5))
            if running.process.poll() is not None:
                break
            running.kill()
            self.assert_nothing_left(patience=1.0)
            kills += 1
        self.finish()
        self.assertEqual(self.decided(), undisturbed)
        self.assertEqual(self.metrics(), evaluations)
        self.assert_each_evaluation_once()
        self.assert_trained_from_checkpoints(kills)

    def metrics(self) -> dict[tuple[int, float], float]:
        return {(e["trial"], e["resource"]): e["metrics"]["accuracy"] for e in self.events("evaluated")}


class DefaultStrategyTest(KillTest):
    """sm2 with its probe, the learning rate cycled, and energy and stability in the objective."""

    def write(self) -> None:
        self.write_study(
            COMMAND,
            resource=RUNGS,
            space={"batch_size": BATCH, "learning_rate": RATE},
            strategy={"name": "sm2", "probe": "60 ms"},
            objective={"energy": 0.3, "stability": 0.1},
        )

    def test_goes_on_after_a_kill_in_the_probe(self) -> None:
        for later in (0.0, 0.1, 0.2, 0.3):
            with self.subTest(later=later):
                self.afresh()
                self.write()
                self.kill_at(self.start("tune", "study.toml"), "^trial 2 starts", later)
                self.finish()
                self.assert_each_evaluation_once()

    def test_goes_on_after_a_kill_in_the_final_training(self) -> None:
        self.write()
        self.kill_at(self.start("tune", "study.toml"), "^trial . +5 epoch")
        self.finish()
        self.assert_each_evaluation_once()
        winner = self.json("show")["winner"]
        self.assertEqual(self.trials()[winner]["resource"], 8)

    def test_energy_before_a_kill_is_kept(self) -> None:
        self.write()
        self.kill_at(self.start("tune", "study.toml"), "^trial . +4 epoch")
        before = {trial["trial"]: trial["joules"] for trial in self.trials()}
        shown = self.json("show")
        self.assertEqual((shown["state"], shown["reason"]), ("interrupted", ""))
        self.assertEqual((shown["trials"]["running"], shown["trials"]["interrupted"]), (0, 1))
        self.assertEqual([trial["state"] for trial in self.trials()].count("interrupted"), 1)
        self.finish()
        for trial in self.trials():
            self.assertGreaterEqual(trial["joules"], before[trial["trial"]], trial)

    def test_energy_that_a_kill_lost_is_not_zero(self) -> None:
        """A program that ran for a second and was never metered: its joules are unknown, or within the error."""
        self.write_study(
            learner("--epoch-seconds=1.5"),
            strategy={"name": "random", "candidates": 1},
            energy={"cpu_idle": "500 W", "cpu_busy": "501 W"},
        )
        self.kill_at(self.start("tune", "study.toml"), "^trial 0 starts", later=1.0)
        self.finish()
        (trial,) = self.trials()
        at_most = trial["joules"] and trial["joules"] + trial["joules_error"]
        watts = 500 * len(os.sched_getaffinity(0))
        self.assertTrue(at_most is None or at_most > watts * 2.4, trial)

    def test_a_socket_folder_of_a_killed_tuner_is_removed(self) -> None:
        self.write()
        self.kill_at(self.start("tune", "study.toml"), "^trial . +1 epoch")
        self.assertEqual(len(list(self.sockets.iterdir())), 1)
        self.finish()
        self.assertEqual(list(self.sockets.iterdir()), [])


class PlainOutputTest(KillTest):
    def test_a_program_without_a_client_is_started_again(self) -> None:
        shell = "for e in 1 2 3 4; do echo accuracy=0.{batch_size}$e; sleep 0.05; done"
        self.write_study(
            ["/bin/sh", "-c", shell],
            pattern="accuracy=(?P<accuracy>[0-9.]+)",
            resource={"unit": "epoch", "min": 2, "max": 4},
            strategy={"name": "successive-halving"},
        )
        self.kill_at(self.start("tune", "study.toml"), "^trial . +3 epoch")
        self.finish()
        self.assert_each_evaluation_once()
        self.assertEqual(self.json("best")["params"], {"batch_size": 8})

    def tune_four_epochs(self, shell: str) -> Running:
        """A tuner whose only program has trained for two of them."""
        self.write_study(
            ["/bin/sh", "-c", shell],
            pattern="accuracy=(?P<accuracy>[0-9.]+)",
            resource={"unit": "epoch", "max": 4},
            strategy={"name": "random", "candidates": 1},
        )
        tuner = self.start("tune", "study.toml")
        tuner.wait_for("^trial 0 +2 epoch")
        return tuner

    def guards(self) -> list[int]:
        return [pid for pid in with_mark(self.mark) if Path(f"/proc/{pid}/comm").read_text() == "trial-guard\n"]

    def test_what_a_tuner_and_its_guard_left_that_died_at_once_is_ended_by_the_next_start(self) -> None:
        shell = "(setsid sleep 3600 &); for e in 1 2 3 4; do echo accuracy=0.{batch_size}$e; sleep 0.2; done"
        tuner = self.tune_four_epochs(shell)
        guards = self.guards()
        self.assertEqual(len(guards), 1)
        for stopped in (signal.SIGSTOP, signal.SIGKILL):
            for pid in (tuner.pid, *guards):
                os.kill(pid, stopped)
        tuner.kill()
        self.finish()
        self.assert_nothing_left()

    def test_a_stopped_guard_that_a_killed_tuner_left_is_ended_by_the_next_start(self) -> None:
        shell = "for e in 1 2 3 4; do echo accuracy=0.{batch_size}$e; sleep 0.2; done"
        tuner = self.tune_four_epochs(shell)
        (guard,) = self.guards()
        os.kill(guard, signal.SIGSTOP)
        tuner.kill()
        time.sleep(1)
        self.assertEqual(with_mark(self.mark), [guard], "the program has ended by itself")
        self.finish()
        self.assert_nothing_left()

    def test_what_ignores_signals_and_daemons_end_too(self) -> None:
        shell = "trap '' HUP TERM INT; (setsid sleep 3600 &); echo accuracy=0.{batch_size}; sleep 3600"
        self.write_study(
            ["/bin/sh", "-c", shell],
            pattern="accuracy=(?P<accuracy>[0-9.]+)",
            resource={"unit": "epoch", "max": 2},
        )
        self.kill_at(self.start("tune", "study.toml"), "^trial . +1 epoch", later=0.1)


if __name__ == "__main__":
    unittest.main()
