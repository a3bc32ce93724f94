"""The callbacks of Hugging Face, Lightning, Keras and XGBoost, called in the order in which those call them.

The frameworks are stand-ins that have no more than the classes which callbacks inherit from.
"""

import importlib
import os
import sys
import types
import unittest
from pathlib import Path
from typing import Any, Optional
from unittest import mock

import sm2

from .fake_tuner import FakeTuner

CONTINUE, PAUSE, STOP = ('{"action": "%s"}' % action for action in ("continue", "pause", "stop"))
CYCLE = {"schedule": "triangular", "low": 0.0, "high": 0.4, "first_step": 0, "cycle_steps": 8}


def hello(**given: Any) -> dict[str, Any]:
    return {"trial": 1, "params": {"batch_size": 8}, "resume": None, "from": 0, "until": 3, "unit": "epoch", **given}


class Base:
    """What the frameworks' callbacks inherit from."""


def module(name: str, **content: Any) -> types.ModuleType:
    made = types.ModuleType(name)
    made.__dict__.update(content)
    return made


def imported(name: str, **frameworks: types.ModuleType) -> Any:
    """sm2.NAME with stand-ins for what it imports; keys have __ for a dot."""
    given = {key.replace("__", "."): value for key, value in frameworks.items()}
    with mock.patch.dict(sys.modules, given):
        sys.modules.pop(f"sm2.{name}", None)
        return importlib.import_module(f"sm2.{name}")


def evaluations(tuner: FakeTuner) -> list[dict[str, Any]]:
    tuner.drain()
    return [message for message in tuner.messages if "val_accuracy" in message]


def steps(tuner: FakeTuner) -> list[dict[str, Any]]:
    tuner.drain()
    return [message for message in tuner.messages if "step" in message]


def checkpoints(tuner: FakeTuner) -> list[str]:
    tuner.drain()
    return [message["checkpoint"] for message in tuner.messages if "checkpoint" in message]


class Optimizer:
    def __init__(self) -> None:
        self.param_groups = [{"lr": 0.1}]


class ImportTest(unittest.TestCase):
    def test_the_package_imports_no_framework(self) -> None:
        names = ("torch", "transformers", "lightning", "keras", "xgboost")
        with mock.patch.dict(sys.modules, {name: None for name in names}):  # importing one of these would fail
            for name in [name for name in sys.modules if name == "sm2" or name.startswith("sm2.")]:
                sys.modules.pop(name)
            importlib.import_module("sm2")


class TransformersTest(unittest.TestCase):
    STEPS = 4

    def setUp(self) -> None:
        self.module = imported("transformers", transformers=module("transformers", TrainerCallback=Base))

    class Trainer:
        """Calls back in the order of the Trainer of Hugging Face: log, evaluate and save follow a step's end."""

        def __init__(self, epochs: int = 3) -> None:
            self.args = types.SimpleNamespace(
                output_dir="out",
                train_batch_size=8,
                gradient_accumulation_steps=1,
                world_size=1,
                save_total_limit=1,
                num_train_epochs=epochs,
            )
            self.train_dataset = range(32)
            self.callbacks: list[Any] = []
            self.optimizer = Optimizer()
            self.rates: list[float] = []
            self.state = types.SimpleNamespace(global_step=0, epoch=0.0, max_steps=epochs * TransformersTest.STEPS)

        def add_callback(self, callback: Any) -> None:
            self.callbacks.append(callback)

        def call(self, event: str, **given: Any) -> Any:
            for callback in self.callbacks:
                function = getattr(callback, event, None)
                if function is not None:
                    function(self.args, self.state, self.control, optimizer=self.optimizer, **given)

        def train(self, resume_from_checkpoint: Optional[str] = None) -> None:
            self.control = types.SimpleNamespace(should_save=False, should_training_stop=False)
            if resume_from_checkpoint:
                self.state.global_step = int(resume_from_checkpoint.rpartition("-")[2])
            self.call("on_train_begin")
            while self.state.global_step < self.state.max_steps and not self.control.should_training_stop:
                self.call("on_step_begin")
                self.rates.append(self.optimizer.param_groups[0]["lr"])
                self.state.global_step += 1
                self.state.epoch = self.state.global_step / TransformersTest.STEPS
                self.call("on_step_end")
                self.call("on_log", logs={"loss": 0.5})
                if self.state.global_step % TransformersTest.STEPS == 0:
                    metrics = {"val_accuracy": 0.5, "eval_loss": 1.0, "epoch": self.state.epoch, "name": "x"}
                    self.call("on_evaluate", metrics=metrics)
                if self.control.should_save:
                    os.mkdir(os.path.join(self.args.output_dir, f"checkpoint-{self.state.global_step}"))
                    self.call("on_save")
            self.call("on_train_end")

    def test_reports_steps_and_evaluations_at_the_tuners_learning_rate(self) -> None:
        with FakeTuner(hello(learning_rate=CYCLE), [CONTINUE] * 3) as tuner:
            trainer = self.Trainer()
            self.assertIsNone(self.module.join(trainer))
            trainer.train()
        self.assertEqual(tuner.messages[0]["steps_per_unit"], 4)
        self.assertEqual(evaluations(tuner)[0], {"epoch": 1, "val_accuracy": 0.5, "eval_loss": 1})
        self.assertEqual([message["step"] for message in steps(tuner)], list(range(1, 13)))
        self.assertEqual(steps(tuner)[1], {"step": 2, "samples": 16, "epoch": 0.5, "loss": 0.5, "learning_rate": 0.1})
        for got, wanted in zip(trainer.rates, [0, 0.1, 0.2, 0.3, 0.4]):
            self.assertAlmostEqual(got, wanted)

    def test_saves_and_exits_on_a_pause_and_goes_on(self) -> None:
        with FakeTuner(hello(), [CONTINUE, PAUSE]) as tuner:
            trainer = self.Trainer()
            self.module.join(trainer)
            self.assertEqual((trainer.args.output_dir, trainer.args.save_total_limit), (tuner.folder, 2))
            with self.assertRaises(SystemExit) as ended:
                trainer.train()
            self.assertEqual(ended.exception.code, 0)
            self.assertEqual(checkpoints(tuner), ["checkpoint-8"])
        with FakeTuner(hello(resume="checkpoint-8"), [CONTINUE]) as tuner:
            trainer = self.Trainer()
            trainer.train(resume_from_checkpoint=self.module.join(trainer))
            self.assertEqual([message["epoch"] for message in evaluations(tuner)], [3])

    def test_what_follows_a_complete_training_is_done_though_told_to_stop(self) -> None:
        with FakeTuner(hello(), [STOP]):
            trainer = self.Trainer(epochs=1)
            self.module.join(trainer)
            trainer.train()
        with FakeTuner(hello(), [STOP]):
            trainer = self.Trainer(epochs=2)
            self.module.join(trainer)
            self.assertRaises(SystemExit, trainer.train)

    def test_alone_changes_nothing(self) -> None:
        trainer = self.Trainer()
        self.assertIsNone(self.module.join(trainer))
        self.assertEqual((trainer.callbacks, trainer.args.output_dir, trainer.args.save_total_limit), ([], "out", 1))


class LightningTest(unittest.TestCase):
    STEPS = 4

    def setUp(self) -> None:
        pytorch = module("lightning.pytorch", Callback=Base)
        self.module = imported("lightning", lightning=module("lightning", pytorch=pytorch), lightning__pytorch=pytorch)

    class Loader:
        batch_size = 8

        def __len__(self) -> int:
            return LightningTest.STEPS

    class Trainer:
        """Calls back in Lightning's order: validation is before the end of the training epoch."""

        def __init__(self, epochs: int = 3) -> None:
            self.callbacks: list[Any] = []
            self.optimizers = [Optimizer()]
            self.max_epochs = epochs
            self.current_epoch = self.global_step = 0
            self.should_stop = self.sanity_checking = False
            self.enable_validation = True
            self.callback_metrics: dict[str, Any] = {}

        def call(self, event: str, *given: Any) -> None:
            for callback in self.callbacks:
                function = getattr(callback, event, None)
                if function is not None:
                    function(self, None, *given)

        def save_checkpoint(self, path: str) -> None:
            Path(path).write_text(f"{self.current_epoch + 1}")

        def fit(self, ckpt_path: Optional[str] = None) -> None:
            if ckpt_path:
                self.current_epoch = int(Path(ckpt_path).read_text())
                self.global_step = self.current_epoch * LightningTest.STEPS
            self.sanity_checking = True
            self.call("on_validation_end")
            self.sanity_checking = False
            self.call("on_train_start")
            while self.current_epoch < self.max_epochs and not self.should_stop:
                for index in range(LightningTest.STEPS):
                    self.call("on_train_batch_start", None, index)
                    self.global_step += 1
                    self.call("on_train_batch_end", {"loss": 0.5}, None, index)
                    if self.should_stop:
                        break
                else:
                    self.callback_metrics = {"val_accuracy": 0.5, "epoch": 9}
                    self.call("on_validation_end")
                self.call("on_train_epoch_end")
                self.current_epoch += 1
            self.call("on_fit_end")

    def test_reports_evaluates_and_saves(self) -> None:
        with FakeTuner(hello(learning_rate=CYCLE), [CONTINUE] * 3) as tuner:
            trainer = self.Trainer()
            self.assertIsNone(self.module.join(trainer, self.Loader()))
            trainer.fit()
        self.assertEqual(tuner.messages[0]["steps_per_unit"], 4)
        self.assertEqual([message["step"] for message in steps(tuner)], list(range(1, 13)))
        self.assertEqual(steps(tuner)[1], {"step": 2, "samples": 16, "epoch": 0.5, "loss": 0.5, "learning_rate": 0.1})
        self.assertEqual(evaluations(tuner)[0], {"epoch": 1, "val_accuracy": 0.5})
        self.assertEqual(len(evaluations(tuner)), 3)
        self.assertEqual(checkpoints(tuner), ["epoch-1", "epoch-2", "epoch-3"])

    def test_exits_on_a_pause_and_goes_on(self) -> None:
        with FakeTuner(hello(), [CONTINUE, PAUSE]) as tuner:
            trainer = self.Trainer()
            self.module.join(trainer, self.Loader())
            with self.assertRaises(SystemExit) as ended:
                trainer.fit()
            self.assertEqual(ended.exception.code, 0)
            self.assertEqual(checkpoints(tuner), ["epoch-1", "epoch-2"])
        with FakeTuner(hello(resume="copy"), [CONTINUE]) as tuner:
            Path(tuner.folder, "copy").write_text("2")
            trainer = self.Trainer()
            trainer.fit(ckpt_path=self.module.join(trainer, self.Loader()))
            self.assertEqual([message["epoch"] for message in evaluations(tuner)], [3])

    def test_an_epoch_that_is_broken_off_is_neither_evaluated_nor_saved(self) -> None:
        with FakeTuner(hello()) as tuner:
            trainer = self.Trainer()
            self.module.join(trainer, self.Loader())
            joined = sm2.trial()
            joined._action = "stop"
            self.assertRaises(SystemExit, trainer.fit)
        self.assertEqual((trainer.global_step, evaluations(tuner), checkpoints(tuner)), (1, [], []))

    def test_alone_changes_nothing(self) -> None:
        trainer = self.Trainer()
        self.assertIsNone(self.module.join(trainer, self.Loader()))
        self.assertEqual(trainer.callbacks, [])


class KerasTest(unittest.TestCase):
    STEPS = 4

    def setUp(self) -> None:
        self.module = imported("keras", keras=module("keras", callbacks=types.SimpleNamespace(Callback=Base)))

    class Model:
        def __init__(self) -> None:
            self.optimizer = types.SimpleNamespace(learning_rate=0.1)
            self.stop_training = False
            self.weights = 0
            self.rates: list[float] = []

        def save_weights(self, path: str) -> None:
            Path(path).write_text(f"{self.weights}")

        def load_weights(self, path: str) -> None:
            self.weights = int(Path(path).read_text())

        def fit(self, callback: Any, initial_epoch: int, epochs: int = 3) -> None:
            """In Keras's order: an epoch that is broken off ends with on_epoch_end, too."""
            callback.model, callback.params = self, {"epochs": epochs}
            callback.on_train_begin()
            for epoch in range(initial_epoch, epochs):
                for batch in range(KerasTest.STEPS):
                    callback.on_train_batch_begin(batch)
                    self.rates.append(self.optimizer.learning_rate)
                    self.weights += 1
                    callback.on_train_batch_end(batch, {"loss": 0.5})
                    if self.stop_training:
                        break
                callback.on_epoch_end(epoch, {"loss": 0.5, "val_accuracy": 0.5})
                if self.stop_training:
                    break
            callback.on_train_end()

    def test_reports_evaluates_and_saves(self) -> None:
        with FakeTuner(hello(learning_rate=CYCLE), [CONTINUE] * 3) as tuner:
            model, tuned = self.Model(), self.module.Callback(steps_per_epoch=4)
            model.fit(tuned, tuned.initial_epoch)
        self.assertEqual(tuner.messages[0]["steps_per_unit"], 4)
        self.assertEqual(len(steps(tuner)), 12)
        self.assertEqual(steps(tuner)[1], {"step": 2, "samples": 16, "epoch": 0.5, "loss": 0.5, "learning_rate": 0.1})
        self.assertEqual(evaluations(tuner)[0], {"epoch": 1, "loss": 0.5, "val_accuracy": 0.5})
        self.assertEqual(checkpoints(tuner), ["epoch-1", "epoch-2", "epoch-3"])
        self.assertAlmostEqual(model.rates[3], 0.3)

    def test_exits_on_a_pause_and_goes_on(self) -> None:
        with FakeTuner(hello(), [CONTINUE, PAUSE]) as tuner:
            model, tuned = self.Model(), self.module.Callback(steps_per_epoch=4)
            with self.assertRaises(SystemExit) as ended:
                model.fit(tuned, tuned.initial_epoch)
            self.assertEqual(ended.exception.code, 0)
            kept = {path.name: path.read_bytes() for path in Path(tuner.folder, "epoch-2").iterdir()}
        with FakeTuner(hello(resume="copy"), [CONTINUE]) as tuner:
            folder = Path(tuner.folder, "copy")
            folder.mkdir()
            for name, content in kept.items():
                (folder / name).write_bytes(content)
            model, tuned = self.Model(), self.module.Callback(steps_per_epoch=4)
            self.assertEqual(tuned.initial_epoch, 2)
            model.fit(tuned, tuned.initial_epoch)
            self.assertEqual(model.weights, 12)
            self.assertEqual([message["step"] for message in steps(tuner)], [9, 10, 11, 12])
            self.assertEqual([message["epoch"] for message in evaluations(tuner)], [3])

    def test_an_epoch_that_is_broken_off_is_neither_evaluated_nor_saved(self) -> None:
        with FakeTuner(hello()) as tuner:
            model, tuned = self.Model(), self.module.Callback(steps_per_epoch=4)
            sm2.trial()._action = "pause"
            self.assertRaises(SystemExit, model.fit, tuned, 0)
        self.assertEqual((model.weights, evaluations(tuner), checkpoints(tuner)), (1, [], []))

    def test_alone_trains_as_always(self) -> None:
        model, tuned = self.Model(), self.module.Callback(steps_per_epoch=4, batch_size=8)
        model.fit(tuned, tuned.initial_epoch)
        self.assertEqual((model.weights, set(model.rates)), (12, {0.1}))


class XgboostTest(unittest.TestCase):
    def setUp(self) -> None:
        framework = module("xgboost", callback=types.SimpleNamespace(TrainingCallback=Base))
        self.module = imported("xgboost", xgboost=framework)

    class Booster:
        def __init__(self, rounds: int = 0) -> None:
            self.rounds = rounds

        def num_boosted_rounds(self) -> int:
            return self.rounds

        def save_raw(self, form: str) -> bytes:
            return f"{form} {self.rounds}".encode()

    def train(self, tuned: Any) -> "XgboostTest.Booster":
        """xgboost.train(): goes on from a model by so many rounds more."""
        model = self.Booster(int(Path(tuned.resume).read_text().split()[1]) if tuned.resume else 0)
        model = tuned.before_training(model)
        log: dict[str, dict[str, list[float]]] = {"val": {"accuracy": []}, "val_accuracy": {"x": []}}
        for epoch in range(tuned.rounds_left):
            model.rounds += 1
            log["val"]["accuracy"].append(0.5)
            log["val_accuracy"]["x"].append(0.25)
            if tuned.after_iteration(model, epoch, log):
                break
        return tuned.after_training(model)  # type: ignore[no-any-return]

    def test_evaluates_every_round_and_saves(self) -> None:
        with FakeTuner(hello(unit="round"), []) as tuner:
            tuned = self.module.Callback(rounds=3, rows=100, checkpoint_every=2)
            with mock.patch.object(sm2.Trial, "evaluate", autospec=True) as evaluate:
                model = self.train(tuned)
            tuner.heard(5)
        self.assertEqual(model.rounds, 3)
        self.assertEqual(evaluate.call_args.args[1], 3)
        self.assertEqual(evaluate.call_args.kwargs, {"val-accuracy": 0.5, "val_accuracy-x": 0.25})
        self.assertEqual(steps(tuner)[1], {"step": 2, "samples": 200, "round": 2})
        self.assertEqual(checkpoints(tuner), ["round-2.ubj"])

    def test_exits_on_a_pause_and_goes_on(self) -> None:
        def pause_at_two(joined: sm2.Trial, resource: float, **metrics: float) -> None:
            joined._action = "pause" if resource == 2 else "continue"

        with FakeTuner(hello(unit="round")) as tuner, mock.patch.object(sm2.Trial, "evaluate", pause_at_two):
            with self.assertRaises(SystemExit) as ended:
                self.train(self.module.Callback(rounds=5))
            self.assertEqual(ended.exception.code, 0)
            kept = Path(tuner.folder, "round-2.ubj").read_bytes()
        self.assertEqual(kept, b"ubj 2")
        with FakeTuner(hello(unit="round", resume="copy", **{"from": 2})) as tuner:
            Path(tuner.folder, "copy").write_bytes(kept)
            with mock.patch.object(sm2.Trial, "evaluate"):
                self.assertEqual(self.train(self.module.Callback(rounds=5)).rounds, 5)

    def test_alone_trains_as_always(self) -> None:
        tuned = self.module.Callback(rounds=4)
        self.assertEqual((tuned.resume, self.train(tuned).rounds), (None, 4))


if __name__ == "__main__":
    unittest.main()
