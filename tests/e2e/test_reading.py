"""sm2 list, show, trials and best: what docs/json.md promises, and figures that add up."""

import csv
import io
import json
import re
import subprocess
import unittest

from sm2_binary import BINARY, PATIENCE, ROOT, Sm2Test, learner, printing

KEYS = {
    "list": "study state trials best metric metric_name goal joules joules_error quality sources carbon_grams cost created",
    "show": "study state reason trials joules joules_error dropped_share quality sources seconds best winner metric"
    " budget carbon_grams cost grid price strategy version host hardware created",
    "trials": "trial state params metric joules joules_error carbon_grams cost quality rung resource seconds evaluations devices hardware reason"
    " wish note",
    "best": "study trial params metric joules joules_error carbon_grams cost quality rung resource state unit command command_line"
    " hardware compared_on decided",
}
PARTS = {"total", "dropped", "winner", "training", "exploring"}


def documented(command: str) -> set[str]:
    """The keys in the first column of the table of sm2 COMMAND in docs/json.md."""
    section = (ROOT / "docs" / "json.md").read_text().split(f"## sm2 {command}\n")[1].split("\n## ")[0]
    columns = re.findall(r"^\| (`[^|]*) \|", section, re.MULTILINE)
    return {key for column in columns for key in re.findall(r"`(\w+)`", column)}


class ReadingTest(Sm2Test):
    def setUp(self) -> None:
        super().setUp()
        ended = self.tune(
            learner(),
            resource={"unit": "epoch", "min": 1, "max": 4},
            strategy={"name": "successive-halving", "candidates": 4},
        )
        self.assertEqual(ended.status, 0, ended)

    def test_json_has_the_documented_keys(self) -> None:
        shown = self.json("show")
        self.assertEqual(set(shown), set(KEYS["show"].split()))
        self.assertEqual(set(shown["joules"]), PARTS)
        self.assertEqual(set(shown["joules_error"]), PARTS)
        self.assertEqual(set(shown["trials"]), {"running", "interrupted", "paused", "finished", "stopped", "failed"})
        self.assertEqual(set(self.json("best")), set(KEYS["best"].split()))
        for entry in self.json("list")["studies"]:
            self.assertEqual(set(entry), set(KEYS["list"].split()))
        for trial in self.trials():
            self.assertEqual(set(trial), set(KEYS["trials"].split()))

    def test_the_documentation_names_every_key(self) -> None:
        for command in ("show", "trials", "best"):
            self.assertEqual(set(KEYS[command].split()), documented(command), command)

    def test_energies_add_up(self) -> None:
        joules = self.json("show")["joules"]
        trials = self.trials()
        self.assertAlmostEqual(sum(trial["joules"] for trial in trials), joules["total"])
        self.assertAlmostEqual(sum(t["joules"] for t in trials if t["state"] == "stopped"), joules["dropped"])
        self.assertAlmostEqual(joules["winner"] + joules["dropped"], joules["total"])
        self.assertAlmostEqual(joules["exploring"] + joules["training"], joules["total"])
        self.assertTrue(0 < joules["training"] < joules["winner"] < joules["total"], joules)
        for trial in trials:
            self.assertGreater(trial["joules"], 0)
            self.assertGreater(trial["joules_error"], 0)
            self.assertIn(trial["quality"], ("measured", "modelled"))

    def test_commands_agree(self) -> None:
        shown, best, listed = self.json("show"), self.json("best"), self.json("list")["studies"][0]
        trial = self.trials()[best["trial"]]
        none = {"running": 0, "interrupted": 0, "paused": 0, "failed": 0}
        self.assertEqual(shown["trials"], {**none, "finished": 1, "stopped": 3})
        self.assertEqual((shown["best"], shown["winner"], best["decided"]), (best["trial"], best["trial"], True))
        self.assertEqual((listed["best"], listed["trials"]), (best["trial"], 4))
        self.assertEqual(listed["joules"], shown["joules"]["total"])
        for key in ("params", "metric", "joules", "rung", "resource", "state"):
            self.assertEqual(trial[key], best[key], key)

    def test_the_best_command_runs(self) -> None:
        best = self.json("best")
        self.assertIn(best["command_line"], self.sm2("best").out)
        for command in (best["command"] + ["--epochs=4"], ["/bin/sh", "-c", best["command_line"] + " --epochs=4"]):
            printed = subprocess.run(
                command,
                cwd=self.folder,
                env=self.environment,
                capture_output=True,
                text=True,
                timeout=PATIENCE,
                check=True,
            ).stdout
            self.assertIn(f"epoch=4 accuracy={best['metric']}", printed)

    def test_trials_are_ordered_filtered_and_cut_to_columns(self) -> None:
        everything = self.trials()
        by_energy = sorted(everything, key=lambda trial: -trial["joules"])
        self.assertEqual(self.trials("--sort", "-energy"), by_energy)
        limit = by_energy[1]["joules"]
        under = [trial for trial in by_energy if trial["joules"] < limit]
        self.assertEqual(self.trials("--sort", "-energy", "--filter", f"energy<{limit}", "--filter", "state=stopped"), under)
        self.assertEqual(self.trials("--filter", "batch_size=7"), [])
        keys = ["trial", "param.batch_size", "joules"]
        for trial, cut in zip(by_energy, self.trials("--sort", "-joules", "--columns", "trial,batch_size,energy")):
            self.assertEqual(list(cut), keys)
            self.assertEqual(list(cut.values()), [trial["trial"], trial["params"]["batch_size"], trial["joules"]])
        shown = self.sm2("trials", "--sort", "-energy", "--columns", "trial,batch_size,energy")
        self.assertEqual(shown.out.splitlines()[0].split(), keys)
        self.assertRegex(shown.out.splitlines()[1], rf"^ +{by_energy[0]['trial']} +\d+ +[\d.]+ m?J \+- [\d.]+$")
        self.assertIn("energy: cpu-model, modelled", shown.out)

    def test_comma_separated_values_are_those_of_the_export(self) -> None:
        self.assertEqual(self.sm2("trials", "--csv").out, self.sm2("export", "--format", "csv").out)
        rows = list(csv.reader(io.StringIO(self.sm2("trials", "--csv", "--columns", "trial,reason", "--sort", "-trial").out)))
        self.assertEqual(rows, [["trial", "reason"], *([str(t["trial"]), t["reason"]] for t in reversed(self.trials()))])

    def test_a_wrong_key_is_one_line_with_the_nearest(self) -> None:
        self.assert_one_line(self.sm2("trials", "--sort", "enregy"), 2, "--sort", "did you mean 'energy'?")
        self.assert_one_line(self.sm2("trials", "--columns", "batchsize"), 2, "--columns", "did you mean 'batch_size'?")
        self.assert_one_line(self.sm2("trials", "--filter", "energy<lots"), 2, "--filter 'energy<lots'", "does not begin with a number")
        self.assert_one_line(self.sm2("trials", "--filter", "energy"), 2, "KEY=VALUE")
        self.assert_one_line(self.sm2("trials", "--csv", "--json"), 2, "--csv")

    def test_takes_a_name_a_file_or_nothing(self) -> None:
        for words in ([], ["s"], ["study.toml"]):
            self.assertEqual(self.json("show", *words)["study"], "s")

    def test_changes_nothing(self) -> None:
        before = self.events("closed")
        for command in ("list", "show", "trials", "best"):
            self.assertEqual(self.sm2(command).status, 0)
        self.assertEqual(self.events("closed"), before)
        self.assertEqual(len(self.events("opened")), 1)

    def test_a_finished_study_is_not_run_again(self) -> None:
        ended = self.sm2("tune", "study.toml")
        self.assertEqual((ended.status, ended.err), (0, ""))
        self.assertIn("finished already", ended.out)
        self.assertIn(self.json("best")["command_line"], ended.out)
        self.assertEqual(len(self.events("opened")), 1)


    def test_an_output_that_is_not_whole_is_no_success(self) -> None:
        for command in ("list", "show s", "trials s", "trials s --json", "best s", "export s", "check"):
            with open("/dev/full", "wb") as full:
                ended = subprocess.run(
                    [BINARY, *command.split()], cwd=self.folder, env=self.environment, stdout=full, stderr=subprocess.PIPE, check=False, timeout=60
                )
            self.assertEqual(ended.returncode, 2, command)
            self.assertEqual(len(ended.stderr.splitlines()), 1, ended.stderr)
            self.assertIn(b"standard output", ended.stderr)

    def test_who_closes_the_output_wants_no_more(self) -> None:
        piped = f"{BINARY} trials s --json | head -c 1 >/dev/null; echo ${{PIPESTATUS[0]}}"
        ended = subprocess.run(["bash", "-c", piped], cwd=self.folder, env=self.environment, capture_output=True, check=False, timeout=60)
        self.assertEqual((ended.stdout, ended.stderr), (b"0\n", b""))

    def test_a_report_does_not_overwrite_the_store(self) -> None:
        for command in ("report s -o sm2.db", "export s -o sm2.db"):
            self.assert_one_line(self.sm2(*command.split()), 2, "sm2.db")
        self.assertEqual(self.sm2("check").status, 0)


class SeveralStudiesTest(Sm2Test):
    def test_one_store_holds_several(self) -> None:
        for name in ("first", "second"):
            program = printing("echo accuracy=0.{batch_size}")
            self.assertEqual(self.tune(**program, name=name).status, 0)
        studies = self.json("list")["studies"]
        self.assertEqual([study["study"] for study in studies], ["first", "second"])
        self.assert_one_line(self.sm2("show"), 2, "2 studies", "sm2 list")
        self.assertEqual(self.json("show", "second")["study"], "second")

    def test_awkward_values_survive(self) -> None:
        values = ["a b", "it's", '"quoted"', "$(reboot)", "-x", "{y}", "ä", "back\\slash", "*"]
        self.write_study(
            ["/bin/sh", "-c", 'echo "<$1>" > "value$SM2_TRIAL"; echo "accuracy=0.5"', "sh", "{text}"],
            pattern="accuracy=(?P<accuracy>[0-9.]+)",
            space={"text": {"values": values}},
            strategy={"name": "grid"},
        )
        self.assertEqual(self.sm2("tune", "study.toml").status, 0)
        for trial in self.trials():
            seen = (self.folder / f"value{trial['trial']}").read_text()
            self.assertEqual(seen, f"<{trial['params']['text']}>\n")
        self.assertEqual({trial["params"]["text"] for trial in self.trials()}, set(values))

    def test_parameters_come_in_the_environment_too(self) -> None:
        program = printing('echo "$SM2_PARAMS" > params; echo accuracy=0.{batch_size}')
        self.assertEqual(self.tune(**program, strategy={"name": "random", "candidates": 1}).status, 0)
        self.assertEqual(json.loads((self.folder / "params").read_text()), self.trials()[0]["params"])


if __name__ == "__main__":
    unittest.main()
