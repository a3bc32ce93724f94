"""sm2 export for Optuna, MLflow and CodeCarbon, read back: by Optuna itself, and by readers written from what the others document."""

from __future__ import annotations

import csv
import json
import math
import subprocess
import time
import unittest
from pathlib import Path
from typing import Any

from sm2_binary import Sm2Test, printing, until

SYSTEM_PYTHON = "/usr/bin/python3"  # for which Debian's packages are
HERE = Path(__file__).resolve().parent

READ_OPTUNA = """
import json, sys, optuna
study = optuna.load_study(study_name="s", storage="sqlite:///" + sys.argv[1])
trials = [{
    "number": t.number, "state": t.state.name, "values": t.values, "params": t.params,
    "distributions": {name: repr(d) for name, d in t.distributions.items()},
    "steps": {str(step): repr(value) for step, value in t.intermediate_values.items()},
    "user": t.user_attrs, "start": t.datetime_start.timestamp(),
    "seconds": (t.datetime_complete - t.datetime_start).total_seconds() if t.datetime_complete else None,
} for t in study.trials]
best = study.best_trial.number
# Optuna goes on with what was written.
again = optuna.create_study(study_name="s", storage="sqlite:///" + sys.argv[1], load_if_exists=True, direction=study.direction.name.lower())
again.sampler = optuna.samplers.TPESampler(seed=1, n_startup_trials=1)
asked = again.ask({name: d for t in study.trials for name, d in t.distributions.items()})
again.tell(asked, 0.5)
print(json.dumps({"direction": study.direction.name, "user": study.user_attrs, "best": best, "trials": trials,
                  "asked": asked.params, "count": len(again.trials)}))
"""


def has(module: str) -> bool:
    command = [SYSTEM_PYTHON, "-c", f"import {module}"]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


# Batch size 1 is best, 2 worse, 3 fails, 4 says nan at its end.
PROGRAM = """
[ {batch_size} = 3 ] && exit 3
for epoch in 1 2 3 4; do
  value=0.$((9 - {batch_size}))$epoch
  [ {batch_size} = 4 ] && [ $epoch = 4 ] && value=nan
  echo "accuracy=$value held-out/top:5=0.1"
done
"""
COMMAND = ["/bin/sh", "-c", PROGRAM, "sh", "{width}", "{rate}", "{kind}", "{momentum}"]
STUDY: dict[str, Any] = {
    "pattern": r"accuracy=(?P<accuracy>[-0-9.a-z]+)",
    "resource": {"unit": "epoch", "min": 1, "max": 4},
    "space": {
        "batch_size": {"values": [1, 2, 3, 4]},
        "width": {"low": 2, "high": 9, "step": 3},
        "rate": {"low": 1e-4, "high": 1.0, "scale": "log"},
        "kind": {"values": ["adam", "sgd", True]},
        "momentum": {"low": 0.0, "high": 0.9, "step": 0.3, "when": {"kind": ["sgd"]}},
    },
}


class ExchangeTest(Sm2Test):
    def tuned(self, strategy: dict[str, Any]) -> list[dict[str, Any]]:
        """A study of several fates; its trials."""
        ended = self.tune(COMMAND, strategy=strategy, energy={"grid": "DE"}, **STUDY)
        self.assertEqual(ended.status, 0, ended)
        return self.trials("s")

    def export(self, *arguments: str) -> str:
        ended = self.sm2("export", "s", *arguments)
        self.assertEqual((ended.status, ended.err), (0, ""), ended)
        return ended.out

    def read(self, *command: str) -> Any:
        ended = subprocess.run([SYSTEM_PYTHON, *command], cwd=self.folder, capture_output=True, text=True, check=False)
        self.assertEqual(ended.returncode, 0, ended.stdout + ended.stderr)
        return json.loads(ended.stdout.splitlines()[-1])

    def assert_nothing_beside(self, *names: str) -> None:
        found = {path.name for path in self.folder.iterdir()} - {"study.toml", "sm2.db", "sm2.db-wal", "sm2.db-shm", "sm2.trials"}
        self.assertEqual(found, set(names))


RANDOM = {"name": "random", "candidates": 12, "seed": 3}
ONE = {"name": "random", "candidates": 1, "seed": 2}  # a trial that succeeds
HALVING = {"name": "successive-halving", "candidates": 8, "seed": 3}


@unittest.skipUnless(has("optuna"), "NOT TESTED WITH OPTUNA: dev/setup python3-optuna installs it")
class OptunaTest(ExchangeTest):
    def exported(self, strategy: dict[str, Any]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        trials = self.tuned(strategy)
        self.assertEqual(self.export("--format", "optuna", "-o", "o.db"), "o.db\n")
        self.assert_nothing_beside("o.db")
        return trials, self.read("-c", READ_OPTUNA, "o.db")

    def test_optuna_loads_every_trial_and_goes_on(self) -> None:
        trials, study = self.exported(RANDOM)
        self.assertEqual(study["direction"], "MAXIMIZE")
        self.assertEqual(study["user"]["sm2.metric"], "accuracy")
        self.assertIn("modelled", study["user"]["sm2.energy"])
        self.assertEqual(study["best"], self.json("best", "s")["trial"])
        self.assertEqual(len(study["trials"]), len(trials))
        self.assertEqual(study["count"], len(trials) + 1)
        states = {"finished": "COMPLETE", "stopped": "PRUNED", "failed": "FAIL"}
        for ours, theirs in zip(trials, study["trials"]):
            self.assertEqual(theirs["number"], ours["trial"])
            self.assertEqual(theirs["params"], ours["params"])
            self.assertEqual(theirs["state"], states[ours["state"]])
            self.assertEqual(theirs["values"], [ours["metric"]] if theirs["state"] == "COMPLETE" else None)
            self.assertEqual(len(theirs["steps"]), ours["evaluations"])
            self.assertEqual(theirs["user"]["sm2.joules"], ours["joules"])
            self.assertIn("(cpu-model, modelled)", theirs["user"]["sm2.energy"])
            self.assertAlmostEqual(theirs["user"]["sm2.carbon_grams"], ours["carbon_grams"])
            self.assertGreater(theirs["seconds"], 0)
        fates = {trial["state"] for trial in study["trials"]}
        self.assertEqual(fates, {"COMPLETE", "FAIL"})
        diverged = [trial for trial in study["trials"] if trial["params"]["batch_size"] == 4]
        self.assertEqual(diverged[0]["steps"]["4"], "nan")
        distributions = study["trials"][0]["distributions"]
        self.assertEqual(distributions["width"], "IntDistribution(high=8, log=False, low=2, step=3)")
        self.assertEqual(distributions["rate"], "FloatDistribution(high=1.0, log=True, low=0.0001, step=None)")
        self.assertEqual(distributions["kind"], "CategoricalDistribution(choices=('adam', 'sgd', True))")

    def test_what_was_dropped_is_pruned_at_its_last_value(self) -> None:
        trials, study = self.exported(HALVING)
        pruned = [(ours, theirs) for ours, theirs in zip(trials, study["trials"]) if theirs["state"] == "PRUNED"]
        self.assertTrue(pruned)
        for ours, theirs in pruned:
            self.assertEqual(ours["state"], "stopped")
            self.assertEqual(theirs["values"], [ours["metric"]])
            self.assertEqual(theirs["user"]["sm2.reason"], ours["reason"])

    def evaluations(self) -> int:
        ended = self.sm2("trials", "s", "--json")
        return sum(json.loads(line)["evaluations"] for line in ended.out.splitlines()) if ended.status == 0 else 0

    def test_a_running_trial_is_running(self) -> None:
        command = ["/bin/sh", "-c", "echo accuracy=0.5; exec sleep 60", *COMMAND[3:], "{batch_size}"]
        self.write_study(command, **{**STUDY, "strategy": RANDOM})
        running = self.start("tune", "study.toml")
        until(lambda: (self.folder / "sm2.db").exists() and self.evaluations() > 0, "an evaluation")
        self.export("--format", "optuna", "-o", "o.db")
        for _ in range(2):  # the second leaves at once
            running.press_ctrl_c()
            time.sleep(0.3)
        running.end()
        code = (
            "import json, optuna; t = optuna.load_study(study_name='s', storage='sqlite:///o.db').trials[0];"
            "print(json.dumps([t.state.name, t.user_attrs['sm2.state'], t.datetime_complete, list(t.intermediate_values)]))"
        )
        self.assertEqual(self.read("-c", code), ["RUNNING", "running", None, [1]])


@unittest.skipUnless(has("yaml"), "THE MLFLOW STORE IS NOT CHECKED: dev/setup python3-yaml installs what reads it")
class MlflowTest(ExchangeTest):
    def store(self) -> list[dict[str, Any]]:
        return self.read(str(HERE / "mlflow_store.py"), "ml runs")

    def test_a_run_for_each_trial_with_its_history(self) -> None:
        before = time.time()
        trials = self.tuned(RANDOM)
        self.assertEqual(self.export("--format", "mlflow", "-o", "ml runs"), "ml runs\n")
        (experiment,) = self.store()
        self.assertEqual(experiment["name"], "s")
        self.assertEqual(experiment["tags"]["sm2.goal"], "maximize")
        states = {"finished": "FINISHED", "stopped": "KILLED", "failed": "FAILED"}
        for ours, run in zip(trials, experiment["runs"]):
            self.assertEqual(run["status"], states[ours["state"]])
            self.assertEqual(run["params"]["batch_size"], str(ours["params"]["batch_size"]))
            self.assertEqual(float(run["params"]["rate"]), ours["params"]["rate"])
            self.assertEqual(run["tags"]["sm2.trial"], str(ours["trial"]))
            self.assertIn("(cpu-model, modelled)", run["tags"]["sm2.energy"])
            history = run["metrics"].get("accuracy", [])
            self.assertEqual([point["step"] for point in history], list(range(1, ours["evaluations"] + 1)))
            self.assertTrue(all(run["start"] <= point["time"] <= run["end"] for point in history))
            self.assertLess(abs(run["start"] / 1000 - before), 60)
            if history and not math.isnan(history[-1]["value"]):
                self.assertEqual(history[-1]["value"], ours["metric"])
            self.assertEqual(run["metrics"]["sm2.joules"][-1]["value"], ours["joules"])

    def test_several_studies_share_a_store_and_one_is_replaced_only_when_told(self) -> None:
        self.tuned(ONE)
        self.export("--format", "mlflow", "-o", "ml runs")
        first = self.store()
        again = self.sm2("export", "s", "--format", "mlflow", "-o", "ml runs")
        self.assert_one_line(again, 2, "exists already, and is not overwritten", "--overwrite")
        self.assertEqual(self.store(), first)
        self.export("--format", "mlflow", "-o", "ml runs", "--overwrite")
        self.assertEqual(self.store(), first)
        (self.folder / "sm2.db").rename(self.folder / "before.db")
        self.tuned({**ONE, "candidates": 2})
        self.export("--format", "mlflow", "-o", "ml runs")
        self.assertEqual(sorted(len(experiment["runs"]) for experiment in self.store()), [1, 2])

    def test_a_metric_cannot_lead_out_of_the_store(self) -> None:
        program = (
            "import sm2; trial = sm2.trial()\n"
            "trial.evaluate(1, **{{'accuracy': 0.5, '../../../out': 1.0, '/etc/x': 2.0, 'a/b': 3.0}})"
        )
        ended = self.tune(
            ["python3", "-c", program, "{batch_size}"], strategy=ONE, space={"batch_size": {"values": [1]}}
        )
        self.assertEqual(ended.status, 0, ended)
        self.export("--format", "mlflow", "-o", "ml runs")
        (experiment,) = self.store()
        self.assertLessEqual({"_._.._.._out", "_etc_x", "a_b"}, set(experiment["runs"][0]["metrics"]))
        self.assert_nothing_beside("ml runs")


class CodecarbonTest(ExchangeTest):
    def test_a_row_for_each_trial_in_their_units(self) -> None:
        trials = self.tuned(RANDOM)
        self.export("--format", "codecarbon", "-o", "emissions.csv")
        rows = list(csv.DictReader((self.folder / "emissions.csv").read_text().splitlines()))
        self.assertEqual(len(rows), len(trials))
        for ours, row in zip(trials, rows):
            self.assertEqual((row["project_name"], row["sm2_trial"]), ("s", str(ours["trial"])))
            self.assertAlmostEqual(float(row["energy_consumed"]) * 3.6e6, ours["joules"])
            self.assertEqual(row["cpu_energy"], row["energy_consumed"])
            self.assertAlmostEqual(float(row["emissions"]) * 1000, ours["carbon_grams"])
            self.assertAlmostEqual(float(row["duration"]), ours["seconds"])
            self.assertEqual((row["country_iso_code"], row["gpu_energy"], row["os"]), ("DEU", "", ""))
            self.assertIn("modelled", row["sm2_energy"])
            time.strptime(row["timestamp"], "%Y-%m-%dT%H:%M:%S")


class PlaceTest(ExchangeTest):
    def test_nothing_is_overwritten_without_being_told(self) -> None:
        self.tune(**printing("echo accuracy=0.{batch_size}"))
        for kind in ("table", "csv", "json", "codecarbon", "optuna"):
            with self.subTest(kind):
                file = self.folder / kind
                file.write_text("mine")
                refused = self.sm2("export", "s", "--format", kind, "-o", kind)
                self.assert_one_line(refused, 2, f"{kind}: exists already, and is not overwritten", "--overwrite")
                self.assertEqual(file.read_text(), "mine")
                self.export("--format", kind, "-o", kind, "--overwrite")
                self.assertNotEqual(file.read_bytes(), b"mine")
        self.assert_nothing_beside("table", "csv", "json", "codecarbon", "optuna")

    def test_mistakes_are_named(self) -> None:
        self.tune(**printing("echo accuracy=0.{batch_size}"))
        (self.folder / "file").write_text("x")
        for arguments, words in {
            ("--format", "optuna"): "--format optuna needs a place: -o FILE",
            ("--format", "mlflow"): "--format mlflow needs a place: -o FOLDER",
            ("--format", "optuna", "-o", "no/such/folder"): "no/such/folder: cannot be made there",
            ("--format", "mlflow", "-o", "file"): "file: cannot be made",
            ("--format", "optuna", "-o", "/dev/null", "--overwrite"): "/dev/null: is neither a file nor a folder",
        }.items():
            self.assert_one_line(self.sm2("export", "s", *arguments), 2, words)
        self.assert_nothing_beside("file")


if __name__ == "__main__":
    unittest.main()
