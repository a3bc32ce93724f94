"""Budgets of energy, time and trials: kept, told, and extended."""

import unittest
from typing import Any

from sm2_binary import Ended, Sm2Test, learner, wrong

RUNGS = {"unit": "epoch", "min": 1, "max": 8}
HALVING = {"name": "successive-halving", "candidates": 4}
# Watts so high, and so little changed by use, that joules are seconds in all but name.
POWER = {"cpu_idle": "500 W", "cpu_busy": "501 W"}


def slow_learner(*flags: str) -> list[str]:
    """Takes some 6 s to the end of a study, and a fraction of one to its first evaluation."""
    return learner("--epoch-seconds=0.4", *flags)


class BudgetTest(Sm2Test):
    def write(self, command: list[str], **tables: Any) -> None:
        self.write_study(command, resource=RUNGS, strategy=HALVING, energy=POWER, **tables)

    def assert_spent(self, ended: Ended, status: int) -> None:
        self.assertEqual((ended.status, ended.err), (status, ""), ended)
        self.assertIn("is spent", ended.out)
        self.assertIn("a larger budget goes on from here", ended.out)
        self.assertEqual(self.json("show")["state"], "budget")

    def assert_goes_on(self, *words: str) -> None:
        ended = self.sm2("tune", "study.toml", *words)
        self.assertEqual((ended.status, ended.err), (0, ""), ended)
        shown = self.json("show")
        self.assertEqual((shown["state"], shown["trials"]["finished"], shown["trials"]["stopped"]), ("finished", 1, 3))

    def test_energy_ends_with_the_best_so_far(self) -> None:
        self.write(slow_learner(), budget={"energy": "2500 J"})
        self.assert_spent(self.sm2("tune", "study.toml"), 0)
        metrics = [trial["metric"] for trial in self.trials() if trial["metric"] is not None]
        self.assertEqual(self.json("best")["metric"], max(metrics))

    def test_a_larger_budget_on_the_command_line_goes_on(self) -> None:
        self.write(slow_learner("--diary=diary"), budget={"energy": "2500 J"})
        self.assert_spent(self.sm2("tune", "study.toml"), 0)
        self.assert_spent(self.sm2("tune", "study.toml", "--budget", "2510 J"), 0)
        self.assert_goes_on("--budget", "10 kWh")
        diary = (self.folder / "diary").read_text().splitlines()
        self.assertEqual(len(diary), len(set(diary)), "an epoch was trained twice")

    def test_a_budget_on_the_command_line_may_be_the_only_one(self) -> None:
        self.write(slow_learner())
        self.assert_spent(self.sm2("tune", "study.toml", "--budget", "2500 J"), 0)
        self.assert_goes_on()

    def test_energy_spent_without_a_result(self) -> None:
        """The program is ended while it trains."""
        self.write(wrong("hang"), budget={"energy": "1 J"}, limits={"grace": "200 ms"})
        self.assert_spent(self.sm2("tune", "study.toml"), 3)
        self.assert_one_line(self.sm2("best"), 1, "no usable trial")

    def test_time_ends_with_the_best_so_far(self) -> None:
        self.write(slow_learner(), budget={"time": "2500 ms"})
        self.assert_spent(self.sm2("tune", "study.toml"), 0)

    def test_a_larger_time_in_the_study_file_goes_on(self) -> None:
        self.write(slow_learner(), budget={"time": "2500 ms"})
        self.assert_spent(self.sm2("tune", "study.toml"), 0)
        self.write(slow_learner(), budget={"time": "1 h"})
        self.assert_goes_on()

    def test_time_spent_without_a_result(self) -> None:
        self.write(wrong("hang"), budget={"time": "50 ms"}, limits={"grace": "200 ms"})
        self.assert_spent(self.sm2("tune", "study.toml"), 3)

    def test_trials_are_counted(self) -> None:
        self.write_study(learner(), strategy={"name": "random"}, budget={"trials": 3})
        self.assertEqual(self.sm2("tune", "study.toml").status, 0)
        self.assertEqual(len(self.trials()), 3)

    def test_a_budget_that_failures_spend_ends_without_a_result(self) -> None:
        self.write(wrong("crash"), budget={"energy": "1 J"})
        self.assert_spent(self.sm2("tune", "study.toml"), 3)

    def test_show_has_the_budget(self) -> None:
        self.write(learner(), budget={"energy": "1 Wh", "time": "2 min", "trials": 9})
        self.assertEqual(self.sm2("tune", "study.toml").status, 0)
        budget = {"joules": 3600, "seconds": 120, "trials": 9, "carbon_grams": None, "cost": None}
        self.assertEqual(self.json("show")["budget"], budget)


if __name__ == "__main__":
    unittest.main()
