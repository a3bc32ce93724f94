"""Scripts that know nothing of SM2: a plain command and a pattern. Epochs, early stop and energy work as with a client."""

import subprocess
import sys
import unittest
from typing import Any

from sm2_binary import Sm2Test, TRAINERS

METRIC = {"name": "val_acc", "goal": "maximize"}
EPOCHS = {"unit": "epoch", "min": 1, "max": 8}
PATTERN = r"Epoch (?P<epoch>\d+)/8.*?val_acc: (?P<val_acc>\S+)"
BATCH_SIZES = {"batch_size": {"values": [2, 4, 8, 16, 32, 64]}}
BY_CPU_TIME = {"sources": ["cpu-model"], "cpu_idle": "0 W", "cpu_busy": "10 W"}  # a loaded machine costs no more
TORCH = "/usr/bin/python3"
TORCH_SCRIPT = """
import sys, time, torch
torch.manual_seed(1)
torch.set_num_threads(1)
x = torch.randn(256, 8)
y = (x.sum(1) > 0).float()
model = torch.nn.Linear(8, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=float(sys.argv[1]))
for epoch in range(1, 9):
    for part in torch.randperm(256).split(64):
        optimizer.zero_grad()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(model(x[part])[:, 0], y[part])
        loss.backward()
        optimizer.step()
    accuracy = ((model(x)[:, 0] > 0) == (y > 0)).float().mean().item()
    print(f"Epoch {epoch}/8 - loss: {loss.item():.2f} - val_acc: {accuracy:.2f}")
"""


def script(*flags: str) -> list[str]:
    return [sys.executable, str(TRAINERS / "plain.py"), "--batch-size={batch_size}", *flags]


def has_torch() -> bool:
    try:
        found = "import importlib.util, sys; sys.exit(importlib.util.find_spec('torch') is None)"
        return subprocess.run([TORCH, "-c", found], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


class PlainTest(Sm2Test):
    def study(self, command: list[str], pattern: str = PATTERN, **keys: Any) -> None:
        keys = {"metric": METRIC, "resource": EPOCHS, "space": BATCH_SIZES, "energy": BY_CPU_TIME, **keys}
        ended = self.tune(command, pattern=pattern, **keys)
        self.assertEqual(ended.status, 0, ended)

    def evaluations(self, trial: int) -> dict[float, float]:
        events = [event for event in self.events("evaluated") if event["trial"] == trial]
        return {event["resource"]: event["metrics"]["val_acc"] for event in events}


class OutputTest(PlainTest):
    def reads(self, style: str, pattern: str = PATTERN, scale: float = 1) -> None:
        one = {"batch_size": {"values": [64]}}
        self.study(script("--style=" + style), pattern, space=one, strategy={"name": "grid"})
        expected = {epoch: scale * round((0.9 - 1 / 64) * (1 - 2.0**-epoch), 4) for epoch in range(1, 9)}
        found = self.evaluations(0)
        self.assertEqual(sorted(found), sorted(expected), style)
        for epoch, accuracy in expected.items():
            self.assertAlmostEqual(found[epoch], accuracy, places=6)

    def test_lines(self) -> None:
        self.reads("line")

    def test_colours(self) -> None:
        self.reads("colour")

    def test_bars_that_return(self) -> None:
        self.reads("bar")

    def test_bars_that_step_back(self) -> None:
        self.reads("backspaces")

    def test_percents(self) -> None:
        self.reads("percent", scale=100)

    def test_decimal_commas(self) -> None:
        self.reads("comma")

    def test_exponents(self) -> None:
        self.reads("exponent")

    def test_an_epoch_on_a_line_of_its_own(self) -> None:
        self.reads("lines", r"Epoch (?P<epoch>\d+)/8|val_acc: (?P<val_acc>\S+)")

    def test_the_first_rank_counts(self) -> None:
        self.reads("ranks")

    def test_a_bar_is_read_while_it_runs(self) -> None:
        # It never ends its line, and waits: only a tuner that has read it comes to an end.
        shell = r"printf '50%%\rEpoch 1/8 val_acc: 0.{batch_size}\r'; exec sleep 60"
        self.study(["/bin/sh", "-c", shell], resource={"unit": "epoch", "max": 1}, strategy={"name": "grid"})
        self.assertLess(max(trial["seconds"] for trial in self.trials()), 50)

    def test_output_that_is_held_back_is_noted(self) -> None:
        shell = "sleep 1.1; printf 'Epoch 1/8 val_acc: 0.1\\nEpoch 2/8 val_acc: 0.{batch_size}\\n'"
        one = {"batch_size": {"values": [64]}}
        self.study(["/bin/sh", "-c", shell], space=one, strategy={"name": "grid"})
        self.assertIn("stdbuf -oL", self.trials()[0]["note"])

    def test_a_metric_that_is_no_number_is_noted(self) -> None:
        shell = "echo 'Epoch 1/8 val_acc: good {batch_size}'"
        ended = self.tune(["/bin/sh", "-c", shell], pattern=PATTERN, metric=METRIC, resource=EPOCHS)
        self.assertEqual(ended.status, 1, ended)
        self.assertIn("'good', where the pattern has val_acc, is no number", self.trials()[0]["note"])

    def test_nan_is_a_divergence(self) -> None:
        shell = "echo 'Epoch 1/8 val_acc: nan {batch_size}'; exec sleep 60"
        ended = self.tune(["/bin/sh", "-c", shell], pattern=PATTERN, metric=METRIC, resource=EPOCHS)
        self.assertEqual(ended.status, 1, ended)
        self.assertIn("diverged: val_acc is nan at epoch 1", self.trials()[0]["reason"])


class EarlyStopTest(PlainTest):
    def assert_saves(self, good: tuple[int, ...] = (64,), **strategy: Any) -> None:
        """Some trials end early, at the epoch they were told at, a good one wins, and the energies add up."""
        space = {"batch_size": {"values": [64, 32, 16, 8, 4, 2]}}
        self.study(script("--epoch-seconds=0.02"), space=space, strategy={"seed": 1, **strategy})
        trials = self.trials()
        self.assertEqual(max(trial["resource"] for trial in trials), 8)
        self.assertIn(self.json("best")["params"]["batch_size"], good)
        early = [trial for trial in trials if 0 < trial["evaluations"] < 7]
        self.assertGreater(len(early), 0, trials)
        total = self.json("show", "s")["joules"]["total"]
        self.assertAlmostEqual(total, sum(trial["joules"] for trial in trials), places=6)
        whole = max(trial["joules"] for trial in trials)
        self.assertLess(min(trial["joules"] for trial in early), whole)

    def test_halving_in_place(self) -> None:
        self.assert_saves(name="asha-stop", candidates=6)

    def test_the_median_rule(self) -> None:
        self.assert_saves(name="grid", pruner="median")

    def test_rungs_with_restarts(self) -> None:
        # It decides by joules, too, which a busy machine inflates for one and not for the other.
        self.assert_saves(good=(64, 32), name="sm2")


@unittest.skipUnless(has_torch(), f"{TORCH} has no torch")
class TorchTest(PlainTest):
    def test_a_plain_pytorch_script(self) -> None:
        (self.folder / "train.py").write_text(TORCH_SCRIPT)
        space = {"learning_rate": {"values": [0.5]}}
        command = [TORCH, "train.py", "{learning_rate}"]
        self.study(command, space=space, strategy={"name": "grid"}, energy={"sources": ["cpu-model"]})
        self.assertEqual(sorted(self.evaluations(0)), list(range(1, 9)))
        self.assertGreater(self.json("best")["metric"], 0.6)
        self.assertGreater(self.json("best")["joules"], 0)


if __name__ == "__main__":
    unittest.main()
