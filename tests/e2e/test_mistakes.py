"""A newcomer's mistakes: one line that says where, what and what would be right; nothing is left behind."""

import unittest

from sm2_binary import Sm2Test, learner, printing

GOOD = """\
[study]
name = "s"
command = ["/bin/sh", "-c", "echo accuracy=0.{batch_size} {optimizer}"]
directory = "."
metric = { name = "accuracy", goal = "maximize" }
pattern = "accuracy=(?P<accuracy>[0-9.]+)"
resource = { unit = "epoch", max = 1 }
[space]
batch_size = { low = 1, high = 9 }
optimizer = { values = ["sgd"] }
[strategy]
name = "random"
candidates = 2
[budget]
energy = "500 Wh"
[energy]
sources = ["auto"]
"""

# What is wrong; what of the good file is replaced by what; what the message says of it.
MISTAKES = (
    ("an unknown key", "candidates =", "candidate =", "strategy.candidate:", "did you mean 'candidates'?"),
    ("an unknown table", "[budget]", "[bugdet]", "bugdet:", "did you mean 'budget'?"),
    ("an unknown key of a parameter", "high = 9", "high = 9, stepp = 2", "stepp", "did you mean 'step'?"),
    ("a wrong unit", "500 Wh", "500 Wk", "budget.energy:", "'Wk' is not a unit", "kWh"),
    ("no unit", "500 Wh", "500", "budget.energy:", "'500' has no unit", "Wh"),
    ("a number for a text", '"500 Wh"', "500", "budget.energy:", "must be a text"),
    ("a budget of nothing", "500 Wh", "0 Wh", "budget.energy:", "must be above 0"),
    ("an impossible range", "high = 9", "high = 0", "space.batch_size:", "low = 1 must be below high = 0"),
    ("a range without an end", ", high = 9", "", "space.batch_size:", "high = ..."),
    ("a placeholder without parameter", "{optimizer}", "{optimiser}", "study.command:", "{optimiser}", "[space]"),
    ("a parameter that goes nowhere", " {optimizer}", "", "study.command:", "add {optimizer}"),
    ("an unbalanced brace", "{optimizer}", "{optimizer", "study.command:", "brace", "{{"),
    ("a brace that closes nothing", "{optimizer}", "optimizer}", "study.command:", "brace", "}}"),
    ("bad TOML", '"random"', "random", "not valid TOML"),
    ("a key written twice", '"random"\n', '"random"\nname = "grid"\n', "not valid TOML", "name"),
    ("a pattern without the metric's group", "?P<accuracy>", "?P<acc>", "study.pattern:", "(?P<accuracy>"),
    ("a regular expression that is none", "[0-9.]+", "[0-9.+", "study.pattern:", "missing ]"),
    ("an unknown strategy", '"random"', '"randon"', "strategy.name:", "did you mean 'random'?", "successive-halving"),
    ("an unknown goal", '"maximize"', '"maximise"', "study.metric.goal:", '"maximize"'),
    ("a command that is one text", '["/bin/sh",', '"/bin/sh" # ', "study.command:", "list of texts"),
    ("a name that is a path", '"s"', '"a/b"', "study.name:", "letters, digits"),
    ("a resource that ends at 0", "max = 1", "max = 0", "study.resource.max:", "above 0"),
    ("a program that is not there", "/bin/sh", "/bin/shh", "study.command:", "/bin/shh"),
    ("a program that is not on the path", "/bin/sh", "no-such-program", "study.command:", "no-such-program"),
    ("a program that cannot be executed", "/bin/sh", "/etc/passwd", "study.command:", "/etc/passwd"),
    ("a folder that is not there", '"."', '"nowhere"', "study.directory:", "nowhere"),
    ("an unknown energy source", '"auto"', '"nuclear"', "energy.sources:", "nuclear", "cpu-model"),
)


def changed_line(text: str) -> int:
    """The first line that is not that of the good file, counted from 1 as editors do."""
    pairs = zip(GOOD.splitlines(), text.splitlines())
    return next(number for number, (before, after) in enumerate(pairs, 1) if before != after)


class StudyFileTest(Sm2Test):
    def assert_nothing_made(self) -> None:
        self.assertEqual([path.name for path in self.folder.iterdir()], ["study.toml"])

    def test_the_study_file_is_good_but_for_the_mistake(self) -> None:
        (self.folder / "study.toml").write_text(GOOD)
        ended = self.sm2("tune", "study.toml")
        self.assertEqual((ended.status, ended.err), (0, ""), ended)

    def test_names_the_line_the_key_and_the_remedy(self) -> None:
        for what, old, new, *said in MISTAKES:
            with self.subTest(mistake=what):
                self.afresh()
                self.assertIn(old, GOOD)
                wrong = GOOD.replace(old, new, 1)
                (self.folder / "study.toml").write_text(wrong)
                ended = self.sm2("tune", "study.toml")
                self.assert_one_line(ended, 2, f"sm2 tune: study.toml:{changed_line(wrong)}: ", *said)
                self.assertEqual(ended.out, "")
                self.assert_nothing_made()

    def test_names_the_table_that_misses_a_key(self) -> None:
        for key, line in (("name", 1), ("command", 1), ("metric", 1), ("resource", 1)):
            with self.subTest(missing=key):
                (self.folder / "study.toml").write_text(GOOD.replace(f"{key} = ", f"# {key} = ", 1))
                ended = self.sm2("tune", "study.toml")
                self.assert_one_line(ended, 2, f"study.toml:{line}: study: {key} is missing", f"{key} = ")
                self.assert_nothing_made()

    def test_an_empty_file_is_told_what_it_misses(self) -> None:
        (self.folder / "study.toml").write_text("")
        self.assert_one_line(self.sm2("tune", "study.toml"), 2, "study.toml:1: ", "[study]", "sm2 init")
        self.assert_nothing_made()


class CommandLineTest(Sm2Test):
    def test_names_a_file_that_cannot_be_read(self) -> None:
        (self.folder / "folder").mkdir()
        for file in ("missing.toml", "folder", "missing/study.toml"):
            self.assert_one_line(self.sm2("tune", file), 2, f"sm2 tune: {file}: ", "sm2 init")
        self.assertEqual([path.name for path in self.folder.iterdir()], ["folder"])

    def test_names_a_store_that_is_not_there(self) -> None:
        for command in ("list", "show", "trials", "best", "report"):
            self.assert_one_line(self.sm2(command), 2, f"sm2 {command}: store ./sm2.db", "--store", "sm2 tune")
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_names_a_store_that_is_none(self) -> None:
        self.write_study(learner())
        (self.folder / "sm2.db").write_text("no database, but long enough to be read as one" * 100)
        for words in (["tune", "study.toml"], ["list"]):
            self.assert_one_line(self.sm2(*words), 2, "store ./sm2.db", "not a database")
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["sm2.db", "study.toml"])

    def test_names_a_store_that_cannot_be_made(self) -> None:
        self.write_study(learner())
        self.assert_one_line(self.sm2("tune", "study.toml", "--store", "missing/sm2.db"), 2, "missing/sm2.db")
        self.assertEqual([path.name for path in self.folder.iterdir()], ["study.toml"])

    def test_names_a_study_that_is_not_there(self) -> None:
        program = printing("echo accuracy=0.{batch_size}")
        self.assertEqual(self.tune(**program, name="mnist").status, 0)
        for command in ("show", "trials", "best", "report"):
            self.assert_one_line(self.sm2(command, "mnis"), 2, "no study 'mnis'", "did you mean 'mnist'?")
        self.assert_one_line(self.sm2("show", "other"), 2, "no study 'other'", "sm2 list")

    def test_a_wrong_budget_makes_nothing(self) -> None:
        self.write_study(learner())
        for budget, said in (("2 kwh", "kWh"), ("2", "no unit"), ("0 J", "above 0"), ("lots", "number")):
            ended = self.sm2("tune", "study.toml", "--budget", budget)
            self.assert_one_line(ended, 2, "sm2 tune: --budget", said)
        self.assertEqual([path.name for path in self.folder.iterdir()], ["study.toml"])

    def test_bad_usage_is_one_line(self) -> None:
        for words in ([], ["tuen"], ["tune"], ["tune", "study.toml", "--budgt", "2 kWh"], ["list", "--jsn"]):
            with self.subTest(words=words):
                ended = self.sm2(*words)
                self.assert_one_line(ended, 2, "--help")
                self.assertEqual(ended.out, "")


class ChangedStudyTest(Sm2Test):
    def test_a_changed_file_does_not_go_on(self) -> None:
        program = printing("echo accuracy=0.{batch_size}")
        self.assertEqual(self.tune(**program).status, 0)
        before = self.trials()
        changes = {
            "space": {"space": {"batch_size": {"values": [8, 16]}}},
            "study.metric": {"metric": {"name": "accuracy", "goal": "minimize"}},
            "study.resource": {"resource": {"unit": "epoch", "max": 2}},
            "strategy.name": {"strategy": {"name": "grid"}},
            "strategy.seed": {"strategy": {"name": "random", "candidates": 2, "seed": 2}},
        }
        for key, change in changes.items():
            with self.subTest(changed=key):
                ended = self.tune(**{**program, **change})
                self.assert_one_line(ended, 2, "study.toml", f"{key} ", "undo the change", "another name")
        self.assertEqual(self.trials(), before)


if __name__ == "__main__":
    unittest.main()
