"""sm2 export: a study as a table that sm2 compare replays, as CSV, as JSON; and the evaluation that is made of tables."""

import csv
import io
import json
import subprocess
import sys
import unittest

from sm2_binary import BINARY, ROOT, Sm2Test, learner

GRID = {"name": "grid"}
# Prints an accuracy and one on held-out data after each of two epochs.
TWO_EPOCHS = 'for e in 1 2; do echo accuracy=0.$e"{batch_size}" held_out=0.$e; done'
PATTERN = r"accuracy=(?P<accuracy>[0-9.]+) held_out=(?P<held_out>[0-9.]+)"


class ExportTest(Sm2Test):
    def tuned(self) -> str:
        """A study of two batch sizes that has ended; its name."""
        ended = self.tune(
            ["/bin/sh", "-c", TWO_EPOCHS],
            pattern=PATTERN,
            strategy=GRID,
            resource={"unit": "epoch", "max": 2},
            space={"batch_size": {"values": [3, 5]}},
        )
        self.assertEqual(ended.status, 0, ended)
        return "s"

    def ok(self, *arguments: str) -> str:
        ended = self.sm2(*arguments)
        self.assertEqual((ended.status, ended.err), (0, ""), ended)
        return ended.out

    def test_a_table_has_a_row_for_each_evaluation(self) -> None:
        rows = list(csv.DictReader(io.StringIO(self.ok("export", self.tuned(), "--test", "held_out"))))
        self.assertEqual(
            [(row["batch_size"], row["seed"], row["resource"], row["metric"], row["test_metric"]) for row in rows],
            [("3", "1", "1", "0.13", "0.1"), ("3", "1", "2", "0.23", "0.2")]
            + [("5", "1", "1", "0.15", "0.1"), ("5", "1", "2", "0.25", "0.2")],
        )
        self.assertTrue(all(float(row["joules"]) >= 0 and float(row["seconds"]) > 0 for row in rows))

    def test_an_exported_table_can_be_compared(self) -> None:
        space = {"batch_size": {"values": [8, 32]}}
        self.tune(learner("--epochs=4"), resource={"unit": "epoch", "max": 4}, strategy=GRID, space=space)
        self.assertEqual(self.ok("export", "s", "--format", "table", "-o", "t.csv"), "t.csv\n")
        last = list(csv.DictReader((self.folder / "t.csv").read_text().splitlines()))[-1]
        compared = self.ok(
            *("compare", "table:t.csv", "--target", last["metric"], "--strategies", "grid,random", "--to-the-end", "--json")
        )
        for row in json.loads(compared)["cases"]:
            self.assertEqual(row["reached"], row["jobs"])
            self.assertGreaterEqual(row["to_the_end"]["joules"]["mean"], row["joules"]["mean"])

    def test_csv_has_a_row_for_each_trial(self) -> None:
        text = self.ok("export", self.tuned(), "--format", "csv")
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        self.assertEqual([row["param.batch_size"] for row in rows], ["3", "5"])
        self.assertEqual([row["state"] for row in rows], ["finished", "finished"])
        self.assertEqual(text.count("\r\n"), 3)

    def test_json_has_everything(self) -> None:
        exported = json.loads(self.ok("export", self.tuned(), "--format", "json"))
        self.assertEqual(exported["study"], json.loads(self.ok("show", "s", "--json")))
        metrics = [evaluation["metrics"] for evaluation in exported["trials"][1]["evaluations"]]
        self.assertEqual(metrics, [{"accuracy": 0.15, "held_out": 0.1}, {"accuracy": 0.25, "held_out": 0.2}])

    def test_mistakes_are_named(self) -> None:
        study = self.tuned()
        for arguments, words in {
            ("--test", "nothing"): "no trial of study s reported nothing",
            ("--format", "csv", "--test", "held_out"): "--test is for --format table",
            ("-o", "no/such/folder"): "no/such/folder",
        }.items():
            ended = self.sm2("export", study, *arguments)
            self.assertEqual(ended.status, 2)
            self.assertIn(words, ended.err)
        self.assertEqual(self.sm2("export", study, "--format", "exel").status, 2)

    def test_a_trial_that_failed_is_a_row_with_nan(self) -> None:
        self.tune(["/bin/sh", "-c", "exit {batch_size}"], pattern=PATTERN, strategy=GRID, space={"batch_size": {"values": [3]}})
        (row,) = csv.DictReader(io.StringIO(self.ok("export", "s")))
        self.assertEqual((row["batch_size"], row["resource"], row["metric"]), ("3", "1", "nan"))


class EvaluationTest(Sm2Test):
    def test_the_tiny_evaluation_records_replays_trains_and_writes_its_page(self) -> None:
        command = [sys.executable, str(ROOT / "bench" / "evaluate.py"), "--size", "tiny", "--out", str(self.folder)]
        for reuse in ([], ["--reuse"]):
            ended = subprocess.run(
                command + reuse, env=self.environment | {"SM2_BINARY": BINARY}, capture_output=True, text=True, check=False
            )
            self.assertEqual((ended.returncode, ended.stderr), (0, ""), ended)
            page = (self.folder / "evaluation.md").read_bytes()
            if not reuse:
                first = page
        self.assertEqual(page, first, "the page follows from what was recorded")
        text = page.decode()
        for words in ("## plain\n", "| sm2 |", "sm2 reaches the target with", "trained for real", "modelled (cpu-model)"):
            self.assertIn(words, text)
        for kind in ("energy", "metric", "joules"):
            self.assertIn(f"evaluation/plain-{kind}.svg", text)
            self.assertTrue((self.folder / "evaluation" / f"plain-{kind}.svg").read_text().startswith("<svg "))


if __name__ == "__main__":
    unittest.main()
