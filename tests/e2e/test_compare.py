"""sm2 compare: strategies side by side, replayed and for real."""

import json
import re
import unittest
from typing import Any, Iterable

from sm2_binary import ROOT, Ended, Sm2Test, learner, until

CASE_KEYS = (
    "case strategy seeds over_oracle joules seconds quality source metric regret trials jobs reached starts oracle"
)
FIGURE_KEYS = "mean median low high"
METRIC_KEYS = "name goal target mean median low high"
ORACLE_KEYS = "params power_limit_watts joules seconds metric"
RECURRENCE_KEYS = "count last over_oracle_last over_oracle_each"
SUMMARY_KEYS = "strategy over_oracle_geomean over_oracle_worst missed"
ALL_KEYS = "cases summary seed workers recurrences"

# By batch size: the epochs at which 0.5 and 0.9 are reached, and by power limit the seconds and watts of an epoch.
# To 0.9, at 200 and at 100 W: 8 needs 3,000 and 2,400 J, 16 needs 2,400 and 2,160 J, 32 needs 2,880 and 2,000 J.
COURSES = {
    8: ((1, 2), {200: (10, 150), 100: (12, 100)}),
    16: ((1, 3), {200: (5, 160), 100: (8, 90)}),
    32: ((2, 4), {200: (4, 180), 100: (5, 100)}),
}
ORACLE_JOULES = 2000


class CompareTest(Sm2Test):
    def write_zeus(self, folder: str = "traces", dataset: str = "digits", courses: dict[int, Any] = COURSES) -> str:
        """A folder in the layout of the Zeus traces with one case, toy/DATASET/net."""
        train = ["dataset,network,batch_size,optimizer,learning_rate,run,target_metric,target_epoch"]
        power = ["dataset,network,batch_size,optimizer,power_limit,time_per_epoch,average_power"]
        for batch_size, (epochs, limits) in courses.items():
            for metric, epoch in zip((0.5, 0.9), epochs):
                train.append(f"{dataset},net,{batch_size},adam,0.1,1,{metric},{epoch}")
            for limit, (seconds, watts) in limits.items():
                power.append(f"{dataset},net,{batch_size},adam,{limit},{seconds},{watts}")
        (self.folder / folder).mkdir()
        (self.folder / folder / "summary_train.csv").write_text("\n".join(train) + "\n")
        (self.folder / folder / "summary_power_toy.csv").write_text("\n".join(power) + "\n")
        return f"zeus:{folder}"

    def compared(self, workload: str, strategies: str, *options: str) -> list[dict[str, Any]]:
        return self.json("compare", "--strategies", strategies, workload, *options)["cases"]

    def assert_keys(self, found: Iterable[str], documented: str) -> None:
        self.assertEqual(set(found), set(documented.split()))

    # ---- figures ----

    def test_a_strategy_is_measured_against_the_oracle(self) -> None:
        (row,) = self.compared(self.write_zeus(), "grid", "--seeds", "3")
        self.assertEqual(row["case"], "toy/digits/net")
        self.assertEqual(row["oracle"]["params"], {"batch_size": 32})
        self.assertEqual(row["oracle"]["power_limit_watts"], 100)
        self.assertAlmostEqual(row["oracle"]["joules"], ORACLE_JOULES)
        self.assertAlmostEqual(row["oracle"]["seconds"], 20)
        for figure in FIGURE_KEYS.split():
            # The first of the grid, 8 at the default limit of 200 W, reaches the target, and nothing else is trained.
            self.assertAlmostEqual(row["joules"][figure], 3000)
            self.assertAlmostEqual(row["over_oracle"][figure], 1.5)
            self.assertAlmostEqual(row["seconds"][figure], 20)
        self.assertEqual((row["jobs"], row["reached"], row["starts"]), (3, 3, 3))
        self.assertEqual(row["metric"]["target"], 0.9)
        self.assertEqual(row["quality"], "replayed")

    def test_other_workers_are_charged_until_the_target_is_reached(self) -> None:
        (row,) = self.compared(self.write_zeus(), "grid", "--seeds", "1", "--workers", "3")
        # 16 is there first, after 15 s: 1.5 epochs of 8, 3 of 16 and 3.75 of 32.
        self.assertAlmostEqual(row["joules"]["mean"], 1.5 * 1500 + 3 * 800 + 3.75 * 720)
        self.assertAlmostEqual(row["seconds"]["mean"], 15)

    def test_a_tuned_power_limit_is_charged_for_what_it_tries(self) -> None:
        (row,) = self.compared(self.write_zeus(), "grid+power", "--seeds", "1")
        tried = (1500 + 1200) / 64  # both limits for a 64th of an epoch
        self.assertAlmostEqual(row["joules"]["mean"], tried + (2 - 2 / 64) * 1200)
        self.assertEqual(row["strategy"], "grid+power")

    def test_recurring_jobs_are_measured_against_as_many_oracles(self) -> None:
        (row,) = self.compared(self.write_zeus(), "grid", "--seeds", "2", "--recurrences", "12")
        self.assertAlmostEqual(row["joules"]["mean"], 12 * 3000)
        self.assertAlmostEqual(row["over_oracle"]["mean"], 1.5)
        self.assertEqual((row["recurrences"]["count"], row["recurrences"]["last"]), (12, 2))
        self.assertAlmostEqual(row["recurrences"]["over_oracle_last"]["mean"], 1.5)
        self.assertEqual(row["jobs"], 24)

    def test_another_target_and_fewer_cases(self) -> None:
        self.write_zeus("one")
        self.write_zeus("two", dataset="letters")
        arguments = ["compare", "zeus:one", "zeus:two", "--strategies", "grid", "--seeds", "1", "--target", "0.5"]
        rows = self.json(*arguments)["cases"]
        self.assertEqual([row["case"] for row in rows], ["toy/digits/net", "toy/letters/net"])
        self.assertAlmostEqual(rows[0]["joules"]["mean"], 1500)
        self.assertEqual([row["case"] for row in self.json(*arguments, "--case", "letters")["cases"]], ["toy/letters/net"])
        self.assertEqual([row["case"] for row in self.json(*arguments, "--case", "*dig*")["cases"]], ["toy/digits/net"])

    def test_the_summary_is_over_cases(self) -> None:
        self.write_zeus("one")
        self.write_zeus("two", dataset="letters", courses={8: ((1, 1), {200: (10, 100)})} | {
            batch_size: ((1, 1), {200: (10, 400)}) for batch_size in (4, 16)
        })
        workloads = ["zeus:one", "zeus:two"]
        found = self.json("compare", *workloads, "--goal", "maximize", "--strategies", "grid", "--seeds", "1")
        self.assertAlmostEqual(found["cases"][1]["over_oracle"]["mean"], 4)
        self.assertAlmostEqual(found["summary"][0]["over_oracle_geomean"], (1.5 * 4) ** 0.5)
        self.assertAlmostEqual(found["summary"][0]["over_oracle_worst"], 4)

    def test_all_strategies_of_the_table_take_part_unless_some_are_named(self) -> None:
        ended = self.sm2("compare", self.write_zeus(), "--seeds", "1", "--json")
        self.assertEqual(ended.status, 0, ended)
        strategies = [row["strategy"] for row in json.loads(ended.out)["cases"]]
        for name in ("sm2", "successive-halving", "random", "grid"):
            self.assertIn(name, strategies)

    # ---- the same every time ----

    def test_the_number_of_threads_changes_nothing(self) -> None:
        workload = self.write_zeus()
        arguments = ["compare", workload, "--strategies", "random,successive-halving,sm2", "--seeds", "7", "--json"]
        one = self.sm2(*arguments, "--jobs", "1")
        many = self.sm2(*arguments, "--jobs", "5")
        self.assertEqual(one, many)
        self.assertNotEqual(one.out, self.sm2(*arguments, "--seed", "99").out)

    # ---- what is said ----

    def test_json_has_the_documented_keys(self) -> None:
        found = self.json("compare", self.write_zeus(), "--strategies", "grid,random", "--seeds", "2", "--recurrences", "2")
        self.assert_keys(found, ALL_KEYS)
        for row in found["cases"]:
            self.assert_keys(row, CASE_KEYS + " recurrences")
            for figure in ("over_oracle", "joules", "seconds"):
                self.assert_keys(row[figure], FIGURE_KEYS)
            self.assert_keys(row["metric"], METRIC_KEYS)
            self.assert_keys(row["oracle"], ORACLE_KEYS)
            self.assert_keys(row["recurrences"], RECURRENCE_KEYS)
        for row in found["summary"]:
            self.assert_keys(row, SUMMARY_KEYS)
        section = (ROOT / "docs" / "json.md").read_text().split("## sm2 compare\n")[1].split("\n## ")[0]
        keys = (ALL_KEYS, CASE_KEYS, FIGURE_KEYS, METRIC_KEYS, ORACLE_KEYS, RECURRENCE_KEYS, SUMMARY_KEYS)
        for key in " ".join(keys).split():
            self.assertIn(f"`{key}`", section)

    def test_the_table_names_the_oracle_and_how_energy_is_known(self) -> None:
        ended = self.sm2("compare", self.write_zeus(), "--strategies", "grid", "--seeds", "1")
        self.assertEqual((ended.status, ended.err), (0, ""), ended)
        self.assert_for_a_terminal(ended.out)
        self.assertIn("energy, replayed", ended.out)
        self.assertRegex(ended.out, r"toy/digits/net: .*oracle needs 2.00 kJ \(replayed\), 20.0 s: batch_size=32 power_limit=100 W")
        self.assertRegex(ended.out, r"\n  grid +1.50 +1.50 to 1.50 +1.50 +3.00 kJ +20.0 s +0.9 +1 +1/1\n")

    def test_a_target_that_is_missed_is_said_and_counted(self) -> None:
        rows = [f"1,1,{0.9 if batch_size == 400 else 0.5},10,1,{batch_size}" for batch_size in range(1, 401)]
        (self.folder / "table.csv").write_text("seed,resource,metric,joules,seconds,batch_size\n" + "\n".join(rows) + "\n")
        arguments = ("compare", "table:table.csv", "--target", "0.8", "--strategies", "random", "--candidates", "1")
        ended = self.sm2(*arguments, "--seeds", "2", "--json")
        (row,) = json.loads(ended.out)["cases"]
        self.assertEqual((ended.status, row["reached"], row["jobs"]), (1, 0, 2))
        self.assertEqual(row["starts"], 40)
        self.assertAlmostEqual(row["joules"]["mean"], 200)
        shown = self.sm2(*arguments, "--seeds", "2")
        self.assertEqual(shown.status, 1)
        self.assertIn("  >20.0  ", shown.out)
        self.assertRegex(shown.out, r"random: 2 of 2 jobs \(table\) did not reach the target in 20 starts")

    def test_the_page_stands_alone_and_escapes_every_name(self) -> None:
        name = "<script>alert(1)</script>&\x1b[31m"
        workload = self.write_zeus(dataset=name)
        ended = self.sm2("compare", workload, "--strategies", "grid,random", "--seeds", "2", "--html", "page.html")
        self.assertEqual(ended.status, 0, ended)
        self.assert_for_a_terminal(ended.out)
        page = (self.folder / "page.html").read_text()
        self.assertNotIn("<script", page)
        self.assertIn("&lt;script&gt;", page)
        self.assertNotIn("\x1b", page)
        self.assertIn("default-src 'none'", page)
        self.assertNotRegex(page, r"https?://|<img|<link|\bsrc=")
        self.assertIn("replayed", page)
        self.assertEqual(page.count("class=\"chart wide dots\""), 1)
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["page.html", "traces"])

    # ---- bad usage ----

    def test_errors_are_one_line_that_says_what_would_be_right(self) -> None:
        workload = self.write_zeus()
        self.write_study(learner())
        for arguments, parts in (
            ((workload, "--strategies", "gird"), ["no strategy 'gird'", "did you mean 'grid'?", "+power"]),
            ((workload, "--strategies", "grid,grid"), ["'grid' is named twice"]),
            (("zues:traces",), ["zues", "zeus:DIR"]),
            (("traces",), ["traces", "zeus:DIR"]),
            (("zeus:nowhere",), ["nowhere"]),
            ((workload, "--case", "voice"), ["no case is called 'voice'", "toy/digits/net"]),
            ((workload, "--seeds", "0"), ["--seeds"]),
            ((workload, "--goal", "higher"), ["--goal"]),
            ((workload, "--target", "nan"), ["--target"]),
            ((workload, "--strategies", "grid", "--seeds", "1", "--html", "nowhere/page.html"), ["nowhere/page.html"]),
            (("study.toml", "--recurrences", "3"), ["--recurrences", "study file"]),
            (("study.toml", workload), ["study.toml", "alone"]),
            (("study.toml", "--strategies", "grid+power"), ["grid+power", "replayed"]),
            (("missing.toml",), ["missing.toml"]),
        ):
            with self.subTest(arguments=arguments):
                ended = self.sm2("compare", *arguments)
                self.assert_one_line(ended, 2, *parts)
                self.assertEqual(ended.out, "")

    # ---- trained for real ----

    def temporary(self) -> list[str]:
        return sorted(path.name for path in (self.folder.parent / "tmp").iterdir())

    def train(self, *options: str) -> Ended:
        (self.folder.parent / "tmp").mkdir(exist_ok=True)
        self.environment["TMPDIR"] = str(self.folder.parent / "tmp")
        return self.sm2("compare", "study.toml", "--strategies", "random,grid", "--seeds", "2", *options)

    def test_a_study_file_is_trained_with_every_strategy_and_nothing_is_left(self) -> None:
        self.write_study(learner(), resource={"unit": "epoch", "max": 2}, strategy={"name": "sm2"})
        ended = self.train("--json")
        self.assertEqual(ended.status, 0, ended)
        found = json.loads(ended.out)
        self.assertEqual([row["strategy"] for row in found["cases"]], ["random", "grid"])
        medians = [row["joules"]["median"] for row in found["cases"]]
        for row in found["cases"]:
            self.assertEqual(row["case"], "s")
            self.assertIsNone(row["oracle"])
            self.assertEqual(row["quality"], "modelled")
            self.assertEqual(row["source"], "cpu-model")
            self.assertGreater(row["joules"]["mean"], 0)
            self.assertAlmostEqual(row["over_best"]["median"], row["joules"]["median"] / min(medians))
            self.assertEqual((row["jobs"], row["reached"]), (2, 2))
        self.assertEqual(found["cases"][1]["trials"], 4)
        self.assertEqual(self.temporary(), [])
        self.assertEqual([path.name for path in self.folder.iterdir()], ["study.toml"])

    def test_a_program_that_fails_is_told_with_its_reason(self) -> None:
        command = ["/bin/sh", "-c", "echo no such module >&2; exit 3; : {batch_size}"]
        self.write_study(command, pattern="accuracy=(?P<accuracy>[0-9.]+)", strategy={"name": "sm2"})
        ended = self.train()
        self.assertEqual(ended.status, 1, ended)
        self.assertIn("study s-random-1: no trial reported accuracy; trial 0 failed with exit status 3: no such module", ended.err)

    def test_a_study_that_is_interrupted_leaves_nothing_either(self) -> None:
        (self.folder.parent / "tmp").mkdir()
        self.environment["TMPDIR"] = str(self.folder.parent / "tmp")
        command = ["/bin/sh", "-c", "sleep 100; : {batch_size}"]
        self.write_study(command, pattern="accuracy=(?P<accuracy>[0-9.]+)", strategy={"name": "sm2"})
        running = self.start("compare", "study.toml", "--strategies", "grid")
        until(lambda: [path for path in (self.folder.parent / "tmp").rglob("log")], "a trial's log")
        running.press_ctrl_c()
        ended = running.end()
        self.assertEqual(ended.status, 130, ended)
        self.assertTrue(re.search("interrupted", ended.err), ended)
        self.assertEqual(ended.out, "")
        self.assertEqual(self.temporary(), [])
