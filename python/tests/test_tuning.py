"""sm2.tune() with a program that stands in for sm2 and keeps what it was told; the real one: tests/e2e/test_python_tune.py."""

import functools
import json
import os
import stat
import sys
import tempfile
import types
import unittest
from pathlib import Path
from typing import Any, Iterator
from unittest import mock

import sm2
from sm2 import run_trial

from .fake_tuner import FakeTuner

SPACE = {"batch_size": [16, 32]}
CONTINUE, PAUSE = '{"action": "continue"}', '{"action": "pause"}'

STAND_IN = """#!{python}
import json, os, pathlib, sys
told = pathlib.Path({folder!r})
if sys.argv[1] == "tune":
    (told / "arguments").write_text(json.dumps(sys.argv[1:]))
    (told / "study").write_text(pathlib.Path(sys.argv[2]).read_text())
    (told / "path").write_text(os.environ["SM2_SYS_PATH"])
    print("a complaint", file=sys.stderr)
    sys.exit({status})
if sys.argv[1] == "trials":
    print(json.dumps({{"trial": 0, "reason": "exit status 1: boom"}}))
if sys.argv[1] == "best":
    print(json.dumps({{"trial": 3, "params": {{"batch_size": 16}}, "metric": 0.5, "joules": None, "decided": True}}))
if sys.argv[1] == "show":
    print(json.dumps({{"joules": {{"total": 7.5}}}}))
"""


def train(trial: sm2.Trial) -> float:
    return 0.5


def train_and_tell(trial: sm2.Trial) -> None:
    trial.evaluate(1, val_accuracy=0.1)


def train_by_epochs(trial: sm2.Trial) -> Iterator[Any]:
    yield 0.1
    yield {"val_accuracy": 0.2, "val_loss": 3}
    yield 0.3


def train_and_forget(trial: sm2.Trial) -> None:
    pass


class Trainers:
    @staticmethod
    def train(trial: sm2.Trial) -> float:
        return 0.5

    def method(self, trial: sm2.Trial) -> float:
        return 0.5


def function_of(module: str, name: str) -> Any:
    made = types.FunctionType(train.__code__, {}, name)
    made.__module__, made.__qualname__ = module, name
    return made


class TuneTest(unittest.TestCase):
    def setUp(self) -> None:
        place = tempfile.TemporaryDirectory(prefix="sm2-test-")
        self.addCleanup(place.cleanup)
        self.folder = Path(place.name)

    def tune(self, function: Any = train, status: int = 0, **options: Any) -> sm2.Result:
        program = self.folder / "stand-in"
        program.write_text(STAND_IN.format(python=sys.executable, folder=str(self.folder), status=status))
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        given = {"metric": "val_accuracy", "binary": program, "store": self.folder / "sm2.db", "quiet": True, **options}
        return sm2.tune(function, given.pop("space", SPACE), **given)

    def test_writes_the_study_and_returns_what_sm2_found(self) -> None:
        result = self.tune(resource=(1, 8), unit="round", target=0.9, budget="5 kJ", limits={"wall": "1 min"}, workers=2)
        self.assertEqual((result.trial, result.params, result.metric), (3, {"batch_size": 16}, 0.5))
        self.assertEqual((result.joules, result.total_joules, result.decided), (None, 7.5, True))
        self.assertEqual(result.trials[0]["reason"], "exit status 1: boom")
        arguments = json.loads((self.folder / "arguments").read_text())
        self.assertEqual(arguments[2:], [f"--store={self.folder}/sm2.db", "--workers=2", "--quiet"])
        self.assertFalse(os.path.exists(arguments[1]))
        study = (self.folder / "study").read_text().splitlines()
        for line in (
            'name = "tests.test_tuning-train"',
            f'command = ["{sys.executable}", "-m", "sm2.run_trial", "tests.test_tuning:train", "val_accuracy"]',
            'metric = { name = "val_accuracy", goal = "maximize", target = 0.9 }',
            'resource = { unit = "round", min = 1, max = 8 }',
            "batch_size = { values = [16, 32] }",
            'energy = "5 kJ"',
            'wall = "1 min"',
        ):
            self.assertIn(line, study)
        self.assertIn(os.getcwd(), json.loads((self.folder / "path").read_text()))

    def test_a_database_is_no_path(self) -> None:
        url = "postgresql://me@host/studies"
        self.assertEqual(self.tune(store=url).store, url)
        self.assertEqual(json.loads((self.folder / "arguments").read_text())[2], f"--store={url}")

    def test_keeps_the_study_file_where_it_is_asked_to(self) -> None:
        self.tune(study_file=self.folder / "kept.toml", metric="a{b}")
        self.assertIn('"a{{b}}"]', (self.folder / "kept.toml").read_text())

    def test_says_why_there_is_no_result(self) -> None:
        for status, part in (
            (1, "no trial is usable: trial 0 exit status 1: boom"),
            (2, "^a complaint$"),
            (3, "budget was spent"),
            (130, "the same call goes on"),
        ):
            with self.subTest(status=status), self.assertRaisesRegex(sm2.StudyError, part):
                self.tune(status=status)

    def test_names_a_program_that_is_not_there(self) -> None:
        with mock.patch.dict(os.environ, SM2_BINARY="/nonexistent/sm2"):
            with self.assertRaisesRegex(sm2.StudyError, "/nonexistent/sm2 is no program here: install sm2"):
                sm2.tune(train, SPACE, metric="val_accuracy")

    def test_takes_functions_that_a_trial_can_import(self) -> None:
        self.tune(Trainers.train)
        self.assertIn('"tests.test_tuning:Trainers.train"', (self.folder / "study").read_text())

        def nested(trial: sm2.Trial) -> float:
            return 0.5

        for function, part in (
            (lambda trial: 0.5, "lambda.*write def train"),
            (nested, "nested.*at the top of its file"),
            (functools.partial(train), "found by its name"),
            (Trainers().method, "found by its name"),
        ):
            with self.subTest(part=part), self.assertRaisesRegex(TypeError, part):
                self.tune(function)

    def test_refuses_a_notebook(self) -> None:
        main = sys.modules["__main__"]
        cell = function_of("__main__", "cell")
        with mock.patch.object(main, "cell", cell, create=True), mock.patch.object(main, "__spec__", None):
            with mock.patch.object(main, "__file__", "/nonexistent/ipykernel/1.py"):
                self.assertRaisesRegex(TypeError, "notebook or prompt: save it in a file", self.tune, cell)

    def test_begins_no_study_of_a_script_that_cannot_be_imported(self) -> None:
        gone = types.ModuleType("gone")
        gone.train = function_of("gone", "train")  # type: ignore[attr-defined]
        with mock.patch.dict(sys.modules, gone=gone):
            self.assertRaisesRegex(sm2.StudyError, "No module named 'gone'", self.tune, gone.train)
        self.assertFalse((self.folder / "study").exists())

    def test_refuses_to_begin_within_a_trial(self) -> None:
        with mock.patch.dict(os.environ, SM2_SYS_PATH="[]"):
            self.assertRaisesRegex(sm2.StudyError, "__main__", self.tune)


class RunTrialTest(unittest.TestCase):
    HELLO = {"trial": 1, "params": {"batch_size": 16}, "resume": None, "from": 0, "until": 4, "unit": "epoch"}

    def drive(self, function: Any, answers: list[str], **hello: Any) -> list[dict[str, Any]]:
        with FakeTuner({**self.HELLO, **hello}, answers) as tuner:
            run_trial.drive(function, sm2.trial(), "val_accuracy")
            return tuner.messages[1:]

    def test_a_returned_number_is_the_evaluation_at_the_end(self) -> None:
        self.assertEqual(self.drive(train, [PAUSE]), [{"epoch": 4, "val_accuracy": 0.5}])

    def test_yielded_numbers_are_evaluations_of_each_unit(self) -> None:
        self.assertEqual(
            self.drive(train_by_epochs, [CONTINUE, PAUSE]),
            [{"epoch": 1, "val_accuracy": 0.1}, {"epoch": 2, "val_accuracy": 0.2, "val_loss": 3}],
        )

    def test_yielded_numbers_go_on_after_the_checkpoint(self) -> None:
        said = self.drive(train_by_epochs, [PAUSE], resume="c", **{"from": 5})
        self.assertEqual(said, [{"epoch": 6, "val_accuracy": 0.1}])

    def test_a_function_may_evaluate_by_itself_but_not_never(self) -> None:
        self.assertEqual(len(self.drive(train_and_tell, [CONTINUE])), 1)
        with self.assertRaisesRegex(ValueError, "return val_accuracy, or yield"):
            self.drive(train_and_forget, [])

    def test_a_dictionary_has_the_metric(self) -> None:
        with self.assertRaisesRegex(ValueError, r"no 'val_accuracy', only \['loss'\]"):
            self.drive(lambda trial: {"loss": 1}, [])

    def test_alone_it_trains_and_nothing_else(self) -> None:
        for function in (train, train_by_epochs, train_and_forget):
            run_trial.drive(function, sm2.trial(), "val_accuracy")


if __name__ == "__main__":
    unittest.main()
