"""strategy.warm_start with files of other programs: trials that Optuna made, and tables that SM2 exported."""

from __future__ import annotations

import subprocess
import unittest
from typing import Any

from sm2_binary import Sm2Test, learner, printing
from test_exchange import SYSTEM_PYTHON, has

# Forty trials of a bowl whose best is at 0.3, two of which are no use for a study of rates up to 1.
MADE_BY_OPTUNA = """
import optuna
optuna.logging.set_verbosity(optuna.logging.ERROR)
study = optuna.create_study(study_name="past", storage="sqlite:///past.db", direction="maximize",
                            sampler=optuna.samplers.RandomSampler(seed=1))
def bowl(trial):
    rate = trial.suggest_float("rate", 0, 1)
    trial.report(0.4, 0)
    trial.report(0.5 - (rate - 0.3) ** 2, 1)
    if trial.number == 5: raise optuna.TrialPruned()
    if trial.number == 6: raise ValueError("x")
    return 0.5 - (rate - 0.3) ** 2
study.optimize(bowl, n_trials=38, catch=ValueError)
for high in (7, 9):
    study.enqueue_trial({"rate": high})
    study.optimize(lambda trial: 0.9 * trial.suggest_float("rate", 0, 10), n_trials=1)
study.ask({"rate": optuna.distributions.FloatDistribution(0, 1)})
with open("past.csv", "w") as file:  # the columns of study.trials_dataframe(), which needs pandas
    print("number,value,datetime_start,params_rate,state", file=file)
    for t in study.trials:
        value = "" if t.value is None else t.value
        print(t.number, value, t.datetime_start, t.params.get("rate", ""), t.state.name, sep=",", file=file)
"""
# Says what the bowl has at this rate.
BOWL = printing("awk 'BEGIN {{ print \"accuracy=\" 0.5 - ({rate} - 0.3) ^ 2 }}'")
RATE = {"rate": {"low": 0.0, "high": 1.0}}


class WarmStartTest(Sm2Test):
    def study(self, *entries: str, goal: str = "maximize", space: Any = None, **strategy: Any):
        metric = {"name": "accuracy", "goal": goal}
        settings = {"name": "tpe", "candidates": 6, **strategy}
        if entries:
            settings["warm_start"] = list(entries)
        return self.tune(**BOWL, metric=metric, space=space or RATE, strategy=settings)

    def rates(self) -> list[float]:
        return [trial["params"]["rate"] for trial in self.trials("s")]


@unittest.skipUnless(has("optuna"), "NOT TESTED WITH OPTUNA: dev/setup python3-optuna installs it")
class OptunaTest(WarmStartTest):
    def setUp(self) -> None:
        super().setUp()
        subprocess.run([SYSTEM_PYTHON, "-c", MADE_BY_OPTUNA], cwd=self.folder, check=True, capture_output=True)

    def test_tpe_begins_from_trials_of_optuna(self) -> None:
        cold = self.study()
        self.assertEqual(cold.status, 0, cold)
        random = self.rates()
        for entry in ("optuna:past.db", "optuna:past.db#past", "csv:past.csv"):
            with self.subTest(entry):
                (self.folder / "sm2.db").unlink()
                warm = self.study(entry)
                self.assertEqual(warm.status, 0, warm)
                self.assertEqual(
                    warm.err, f"sm2 tune: {entry[entry.index(':') + 1:].split('#')[0]}: 2 trials left out: parameter 'rate' has"
                    " values outside of the space, as 7\n"
                )
                near = [abs(rate - 0.3) for rate in self.rates()]
                self.assertLess(sorted(near)[3], 0.1, "most of the first six are near the best")
        self.assertGreater(sorted(abs(rate - 0.3) for rate in random)[3], 0.1)

    def test_a_study_goes_on_without_the_file(self) -> None:
        slow = {**BOWL, "command": [*BOWL["command"][:2], "sleep 0.3; " + BOWL["command"][2]]}
        self.write_study(**slow, space=RATE, strategy={"name": "tpe", "candidates": 6, "warm_start": ["optuna:past.db"]})
        running = self.start("tune", "study.toml")
        running.wait_for("^trial 1 starts")
        running.press_ctrl_c()
        self.assertEqual(running.end().status, 130)
        (self.folder / "past.db").unlink()
        again = self.sm2("tune", "study.toml")
        self.assertEqual((again.status, again.err), (0, ""), again)
        self.assertEqual(len(self.rates()), 6)

    def test_what_does_not_fit_is_one_line(self) -> None:
        self.assert_one_line(
            self.study("optuna:past.db", goal="minimize"), 2, "study.toml:", "strategy.warm_start: past.db: its direction is MAXIMIZE"
        )
        other = {"width": {"low": 1, "high": 9}, **RATE}
        bowl = [*BOWL["command"], "{width}"]
        ended = self.tune(bowl, pattern=BOWL["pattern"], space=other, strategy={"name": "tpe", "warm_start": ["optuna:past.db"]})
        self.assert_one_line(ended, 2, "past.db: no trial fits the space:", "38 trials left out: parameter 'width' is missing")
        self.assert_one_line(self.study("optuna:past.db#other"), 2, "there is no study 'other' in it; there are: past")
        self.assert_one_line(self.study("optuna:none.db"), 2, "none.db: there is no such file")
        self.assert_one_line(self.study("other:past.db"), 2, "'other:past.db' is no name of a study, nor optuna:FILE or csv:FILE")


class TableTest(WarmStartTest):
    def test_sm2_with_a_target_begins_from_a_table_as_from_the_study(self) -> None:
        space = {"batch_size": {"values": [8, 16, 32]}}
        resource = {"unit": "epoch", "max": 8}
        first = self.tune(learner("--epochs=8"), name="first", resource=resource, space=space, strategy={"name": "grid"})
        self.assertEqual(first.status, 0, first)
        self.assertEqual(self.sm2("export", "first", "-o", "first.csv").status, 0)
        begun = {}
        best = self.json("best", "first")["metric"]
        for entry in ("first", "csv:first.csv"):
            name = "s-" + entry.split(":")[0]
            ended = self.tune(
                learner("--epochs=8"),
                name=name,
                metric={"name": "accuracy", "goal": "maximize", "target": best},
                resource=resource,
                space=space,
                strategy={"name": "sm2", "warm_start": [entry]},
            )
            self.assertIn(ended.status, (0, 1), ended)
            begun[entry] = [trial["params"] for trial in self.trials(name)][0]
        self.assertEqual(begun["first"], begun["csv:first.csv"])


if __name__ == "__main__":
    unittest.main()
