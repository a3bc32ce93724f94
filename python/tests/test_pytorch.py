"""The PyTorch loop, with PyTorch. Where this Python has none, the system's runs these tests."""

import importlib.util
import json
import os
import random
import subprocess
import sys
import unittest
from pathlib import Path
from typing import Any, Callable, Optional

from .fake_tuner import FakeTuner
from .torch_here import interpreter

HERE = importlib.util.find_spec("torch") is not None
if HERE:
    import torch

    import sm2.pytorch

EPOCHS, BATCH, ROWS = 4, 8, 32
STEPS = ROWS // BATCH
CONTINUE, PAUSE, STOP = ('{"action": "%s"}' % action for action in ("continue", "pause", "stop"))


def hello(**given: Any) -> dict[str, Any]:
    return {"trial": 1, "params": {"batch_size": BATCH}, "resume": None, "from": 0, "until": EPOCHS, "unit": "epoch", **given}


def setting(seed: int = 1) -> tuple[Any, Any, Any]:
    """What a plain script sets up; dropout and shuffling draw random numbers."""
    torch.manual_seed(seed)
    random.seed(seed)
    inputs = torch.linspace(-1, 1, ROWS).unsqueeze(1)
    loader = torch.utils.data.DataLoader(
        torch.utils.data.TensorDataset(inputs, inputs**2), batch_size=BATCH, shuffle=True
    )
    model = torch.nn.Sequential(torch.nn.Linear(1, 8), torch.nn.Dropout(0.2), torch.nn.Tanh(), torch.nn.Linear(8, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    return model, optimizer, loader


def train(
    model: Any, optimizer: Any, loader: Any, *more: Any, each_step: Optional[Callable[[], None]] = None, **options: Any
) -> list[tuple[int, float]]:
    """A plain loop; returns each epoch and its last loss."""
    curve = []
    for epoch in sm2.pytorch.epochs(options.pop("count", EPOCHS), model, optimizer, loader, *more, **options):
        noise = random.random() / 100
        for inputs, wanted in loader:
            optimizer.zero_grad()
            loss = torch.nn.functional.mse_loss(model(inputs) + noise, wanted)
            loss.backward()
            optimizer.step()
            if each_step is not None:
                each_step()
        for each in more:
            each.step()
        curve.append((epoch, loss.item()))
        sm2.pytorch.evaluate(val_accuracy=-loss.item())
    return curve


def weights(model: Any) -> list[float]:
    return [value for tensor in model.parameters() for value in tensor.flatten().tolist()]


@unittest.skipIf(HERE, "PyTorch is in this Python")
class ElsewhereTest(unittest.TestCase):
    def test_in_a_python_that_has_pytorch(self) -> None:
        other = interpreter()
        if other is None:
            self.skipTest("no Python here has PyTorch")
        command = [other, "-m", "unittest", "tests.test_pytorch"]
        ended = subprocess.run(command, cwd=Path(__file__).parents[1], capture_output=True, text=True, check=False)
        self.assertEqual(ended.returncode, 0, ended.stderr)


@unittest.skipUnless(HERE, "PyTorch is not in this Python")
class AloneTest(unittest.TestCase):
    def test_trains_as_always(self) -> None:
        model, optimizer, loader = setting()
        ours = train(model, optimizer, loader)
        plain, optimizer, loader = setting()
        for _ in range(EPOCHS):
            noise = random.random() / 100
            for inputs, wanted in loader:
                optimizer.zero_grad()
                torch.nn.functional.mse_loss(plain(inputs) + noise, wanted).backward()
                optimizer.step()
        self.assertEqual([epoch for epoch, _ in ours], [0, 1, 2, 3])
        self.assertEqual(weights(model), weights(plain))

    def test_takes_a_stream_and_a_range(self) -> None:
        model, optimizer, _ = setting()
        self.assertEqual(list(sm2.pytorch.epochs(range(1, 4), model, optimizer, iter(()))), [1, 2, 3])
        self.assertEqual(sm2.pytorch.evaluate(val_accuracy=1), "continue")


@unittest.skipUnless(HERE, "PyTorch is not in this Python")
class StudyTest(unittest.TestCase):
    def ended(self, *arguments: Any, **options: Any) -> None:
        with self.assertRaises(SystemExit) as raised:
            train(*arguments, **options)
        self.assertEqual(raised.exception.code, 0)

    def test_reports_every_step_and_evaluates_every_epoch(self) -> None:
        with FakeTuner(hello(), [CONTINUE] * EPOCHS) as tuner:
            curve = train(*setting())
            checkpoints = sorted(name for name in os.listdir(tuner.folder) if name != "tuner")
        said = tuner.messages
        self.assertEqual(said[0]["steps_per_unit"], STEPS)
        steps = [message for message in said if "step" in message]
        self.assertEqual([message["step"] for message in steps], list(range(1, EPOCHS * STEPS + 1)))
        self.assertEqual(steps[-1]["samples"], EPOCHS * ROWS)
        self.assertEqual([message["epoch"] for message in steps[:4]], [0.25, 0.5, 0.75, 1])
        self.assertEqual([message["learning_rate"] for message in steps], [0.05] * len(steps))
        self.assertEqual([message["loss"] for message in steps[STEPS - 1 :: STEPS]], [loss for _, loss in curve])
        self.assertEqual([message["epoch"] for message in said if "val_accuracy" in message], [1, 2, 3, 4])
        self.assertEqual([message["checkpoint"] for message in said if "checkpoint" in message][-1], "epoch-4")
        self.assertEqual(checkpoints, ["epoch-3", "epoch-4"])

    def test_follows_the_schedule_and_keeps_the_proportions_of_groups(self) -> None:
        model, _, loader = setting()
        groups = [{"params": model[0].parameters()}, {"params": model[3].parameters(), "lr": 0.01}]
        optimizer = torch.optim.SGD(groups, lr=0.1)
        asked = {"schedule": "triangular", "low": 0.0, "high": 0.4, "first_step": 0, "cycle_steps": 8}
        seen = []
        with FakeTuner(hello(learning_rate=asked), [CONTINUE] * EPOCHS) as tuner:
            train(model, optimizer, loader, each_step=lambda: seen.append([group["lr"] for group in optimizer.param_groups]))
        for (first, second), wanted in zip(seen, [0, 0.1, 0.2, 0.3, 0.4, 0.3, 0.2, 0.1] * 2):
            self.assertAlmostEqual(first, wanted)
            self.assertAlmostEqual(second, wanted / 10)
        self.assertAlmostEqual(tuner.messages[2]["learning_rate"], 0.1)

    def test_takes_the_learning_rate_of_the_parameters_where_there_is_no_schedule(self) -> None:
        model, optimizer, loader = setting()
        with FakeTuner(hello(params={"learning_rate": 0.02}), [STOP]):
            self.ended(model, optimizer, loader)
        self.assertEqual(optimizer.param_groups[0]["lr"], 0.02)

    def test_goes_on_from_a_pause_with_the_curve_of_a_training_that_never_paused(self) -> None:
        for form in ("plain", "scheduler", "generator"):
            with self.subTest(form=form):
                whole, whole_curve = self.run_in_stretches(form, [[CONTINUE] * EPOCHS])
                parts, parts_curve = self.run_in_stretches(form, [[CONTINUE, PAUSE], [CONTINUE] * 2])
                self.assertEqual(whole_curve, parts_curve)
                self.assertEqual(whole, parts)

    def run_in_stretches(self, form: str, stretches: list[list[str]]) -> tuple[list[float], list[Any]]:
        """Each stretch as in a process of its own: everything is set up anew."""
        kept, curve, model = b"", [], None
        for number, answers in enumerate(stretches):
            model, optimizer, loader = setting()
            if form == "generator":
                loader = torch.utils.data.DataLoader(
                    loader.dataset, BATCH, shuffle=True, generator=torch.Generator().manual_seed(3)
                )
            more = [torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, EPOCHS)] if form == "scheduler" else []
            with FakeTuner(hello(resume="copy" if number else None)) as tuner:
                tuner.answers = answers
                if number:
                    Path(tuner.folder, "copy").write_bytes(kept)
                if PAUSE in answers:
                    self.ended(model, optimizer, loader, *more)
                else:
                    train(model, optimizer, loader, *more)
                tuner.drain()
                announced = [message["checkpoint"] for message in tuner.messages if "checkpoint" in message]
                kept = Path(tuner.folder, announced[-1]).read_bytes()
            curve += [(m["step"], m["loss"], m["learning_rate"]) for m in tuner.messages if "step" in m]
        self.assertIsNotNone(model)
        return weights(model), curve

    def test_takes_weights_but_not_options_from_another_trials_checkpoint(self) -> None:
        model, optimizer, loader = setting()
        with FakeTuner(hello(), [PAUSE]) as tuner:
            self.ended(model, optimizer, loader)
            kept = Path(tuner.folder, "epoch-1").read_bytes()
        other, optimizer, loader = setting(seed=2)
        optimizer.param_groups[0]["lr"] = 0.007
        with FakeTuner(hello(resume="copy", params={"batch_size": BATCH, "decay": 1})) as tuner:
            Path(tuner.folder, "copy").write_bytes(kept)
            iterator = iter(sm2.pytorch.epochs(EPOCHS, other, optimizer, loader))
            self.assertEqual(next(iterator), 1)
            self.assertEqual(weights(other), weights(model))
            self.assertEqual(optimizer.param_groups[0]["lr"], 0.007)
            iterator.close()

    def test_leaves_in_the_middle_of_an_epoch_when_told_to(self) -> None:
        model, optimizer, loader = setting()
        steps = []

        def stop_after_two() -> None:
            steps.append(0)
            if len(steps) == 2:
                tuner.say(STOP)
                while not sm2.pytorch._loop.trial.should_stop:
                    sm2.pytorch._loop.trial.report(step=2, samples=16)

        with FakeTuner(hello()) as tuner:
            self.ended(model, optimizer, loader, each_step=stop_after_two)
        self.assertEqual(len(steps), 2)
        self.assertFalse([message for message in tuner.messages if "checkpoint" in message])

    def test_what_follows_the_loop_is_done_when_training_is_complete_though_told_to_stop(self) -> None:
        with FakeTuner(hello(), [CONTINUE] * (EPOCHS - 1) + [STOP]):
            self.assertEqual(len(train(*setting())), EPOCHS)

    def test_leaves_optimizer_and_tensors_as_they_were(self) -> None:
        model, optimizer, loader = setting()
        backward, step = torch.Tensor.backward, optimizer.step
        with FakeTuner(hello(), [STOP]):
            self.ended(model, optimizer, loader)
        self.assertIs(torch.Tensor.backward, backward)
        self.assertEqual(optimizer.step, step)

    def test_a_scheduler_may_be_made_before_and_after(self) -> None:
        model, optimizer, loader = setting()
        before = torch.optim.lr_scheduler.ConstantLR(optimizer)
        with FakeTuner(hello(), [CONTINUE, CONTINUE]):
            for _ in sm2.pytorch.epochs(2, model, optimizer, loader, before):
                after = torch.optim.lr_scheduler.ConstantLR(optimizer)
                model(torch.ones(1, 1)).sum().backward()
                optimizer.step()
                after.step()
                before.step()
                sm2.pytorch.evaluate(val_accuracy=1)

    def test_names_what_it_does_not_know(self) -> None:
        model, optimizer, loader = setting()
        with FakeTuner(hello(unit="round")), self.assertRaisesRegex(ValueError, "the study's resource is round"):
            sm2.pytorch.epochs(1, model, optimizer, loader)
        sm2.trial().close()
        with FakeTuner(hello(params={})), self.assertRaisesRegex(ValueError, "batch_size=64"):
            sm2.pytorch.epochs(1, model, optimizer, [1, 2])
        sm2.trial().close()

    def test_a_batch_that_does_not_fit_is_told_by_its_traceback(self) -> None:
        script = "import torch, sm2.pytorch\ntorch.empty(1 << 60)"
        command = [sys.executable, "-c", script]
        ended = subprocess.run(command, cwd=Path(__file__).parents[1], capture_output=True, text=True, check=False)
        self.assertEqual(ended.returncode, 1)
        self.assertIn("can't allocate memory", ended.stderr)


if __name__ == "__main__":
    unittest.main()
