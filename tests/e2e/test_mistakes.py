"""A newcomer's mistakes: one line that says where, what and what would be right; nothing is left behind."""

import unittest

from sm2_binary import Sm2Test, printing, study_text

GOOD = study_text(
    **printing("echo accuracy=0.{batch_size}"),
    space={"batch_size": {"low": 1, "high": 9}, "optimizer": {"values": ["sgd"]}},
    budget={"energy": "500 Wh"},
).replace("0.{batch_size}", "0.{batch_size} {optimizer}")

# What is wrong, what is replaced in the good study file, by what, the line it is in now, and what is said of it.
MISTAKES = [
    ("an unknown key", "candidates =", "candidate =", "strategy.candidate", "did you mean 'candidates'?"),
    ("an unknown table", "[budget]", "[bugdet]", "bugdet", "did you mean 'budget'?"),
    ("a key of a parameter", '"high": 9', "", "", ""),
    ("a wrong unit", '"500 Wh"', '"500 Wk"', "budget.energy", "'Wk' is not a unit", "kWh"),
    ("no unit", '"500 Wh"', '"500"', "budget.energy", "'500' has no unit", "Wh"),
    ("a number for a text", '"500 Wh"', "500", "budget.energy", "must be a text"),
    ("a budget of nothing", '"500 Wh"', '"0 Wh"', "budget.energy", "must be above 0"),
    ("an impossible range", "high = 9", "high = 0", "space.batch_size", "low = 1 must be below high = 0"),
    ("a range without an end", ", high = 9", "", "space.batch_size", "high = ..."),
    ("an unknown key of a parameter", "high = 9", "high = 9, stepp = 2", "stepp", "did you mean 'step'?"),
    ("a placeholder without parameter", "{optimizer}", "{optimiser}", "study.command", "{optimiser}", "[space]"),
    ("a parameter that goes nowhere", " {optimizer}", "", "study.command", "optimizer", "{optimizer}"),
    ("an unbalanced brace", "{optimizer}", "{optimizer", "study.command", "brace", "{{"),
    ("a brace that closes nothing", "{optimizer}", "optimizer}", "study.command", "brace", "}}"),
    ("bad TOML", 'name = "random"', "name = random", "not valid TOML"),
    ("a key written twice", 'name = "random"', 'name = "random"\nname = "grid"', "not valid TOML", "name"),
    ("a pattern without the metric's group", "?P<accuracy>", "?P<acc>", "study.pattern", "(?P<accuracy>"),
    ("a regular expression that is none", "[-0-9.a-z]+", "[-0-9.a-z+", "study.pattern", "missing ]"),
    ("an unknown strategy", '"random"', '"randon"', "strategy.name", "did you mean 'random'?", "successive-halving"),
    ("an unknown goal", '"maximize"', '"maximise"', "study.metric.goal", "maximize"),
    ("a missing command", "command = ", "# command = ", "study", "command is missing", 'command = ["./train"'),
    ("a command that is one text", "command = [", 'command = "echo" # [', "study.command", "list of texts"),
    ("a name that is a path", 'name = "s"', 'name = "a/b"', "study.name", "letters, digits"),
    ("a resource that ends at 0", "max = 1", "max = 0", "study.resource.max", "above 0"),
    ("a program that is not there", '"/bin/sh"', '"/bin/shh"', "study.command", "/bin/shh"),
    ("a program that is not on the path", '"/bin/sh"', '"no-such-program"', "study.command", "no-such-program"),
    ("a program that cannot be executed", '"/bin/sh"', '"/etc/passwd"', "study.command", "/etc/passwd"),
    ("an unknown energy source", "[budget]", '[energy]\nsources = ["nuclear"]\n[budget]', "energy.sources", "nuclear"),
    ("a folder that is not there", "pattern =", 'directory = "nowhere"\npattern =', "study.directory", "nowhere"),
]
MISTAKES = [mistake for mistake in MISTAKES if mistake[2] or mistake[4]]


def changed_line(old: str, new: str) -> int:
    """The first line in which two texts differ, counted from 1."""
    pairs = zip(old.splitlines() + [""], new.splitlines() + [""])
    return next(number for number, (before, after) in enumerate(pairs, 1) if before != after)


class StudyFileTest(Sm2Test):
    def test_the_study_file_is_good_but_for_the_mistake(self) -> None:
        (self.folder / "study.toml").write_text(GOOD)
        self.assertEqual(self.sm2("tune", "study.toml").status, 0)

    def test_names_the_line_the_key_and_the_remedy(self) -> None:
        for what, old, new, *said in MISTAKES:
            with self.subTest(mistake=what):
                self.assertIn(old, GOOD)
                wrong = GOOD.replace(old, new)
                (self.folder / "study.toml").write_text(wrong)
                ended = self.sm2("tune", "study.toml")
                self.assert_one_line(ended, 2, "sm2 tune: study.toml:", *said)
                self.assertEqual(ended.out, "")
                self.assertEqual([path.name for path in self.folder.iterdir()], ["study.toml"])

    def test_counts_lines_as_an_editor_does(self) -> None:
        for what, old, new, *said in MISTAKES:
            if "is missing" in said[1] if len(said) > 1 else False:
                continue
            with self.subTest(mistake=what):
                wrong = GOOD.replace(old, new)
                (self.folder / "study.toml").write_text(wrong)
                line = changed_line(GOOD, wrong)
                self.assertIn(f"study.toml:{line}:", self.sm2("tune", "study.toml").err)


if __name__ == "__main__":
    unittest.main()
