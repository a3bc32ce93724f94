"""Writes schedules.csv, the learning rates that both clients' formulas are held to: python3 testing/data/schedules.py

Every value comes from a scheduler of PyTorch that is stepped through: CyclicLR, OneCycleLR, LinearLR and
CosineAnnealingLR. PyTorch has no log scale; there the schedule is run between 0 and 1, and its value is the exponent of
high / low. The same table at every run.
"""

import csv
import math
import random
import warnings
from pathlib import Path
from typing import Iterator, List, Tuple

import torch
from torch.optim import SGD
from torch.optim import lr_scheduler as schedulers

TABLE = Path(__file__).with_suffix(".csv")
COLUMNS = ["schedule", "low", "high", "first_step", "cycle_steps", "gamma", "step", "learning_rate"]
CYCLES = 4  # stepped through
Row = Tuple[str, float, float, int, int, float, int, float]


def cyclic(name: str, low: float, high: float, cycle: int, gamma: float, optimizer: SGD) -> object:
    return schedulers.CyclicLR(
        optimizer,
        low,
        high,
        step_size_up=cycle / 2,
        step_size_down=cycle / 2,
        mode={"triangular": "triangular", "triangular2": "triangular2", "exp-range": "exp_range"}[name],
        gamma=gamma ** (1 / cycle),
        cycle_momentum=False,
    )


def rates(name: str, low: float, high: float, cycle: int, gamma: float) -> List[float]:
    """The learning rate at each step from the first on, as PyTorch has it."""
    optimizer = SGD([torch.zeros(1, requires_grad=True)], lr=high)
    steps = CYCLES * cycle
    if name in ("triangular", "triangular2", "exp-range"):
        scheduler = cyclic(name, low, high, cycle, gamma, optimizer)
    elif name == "one-cycle":
        div = math.inf if low == 0 else high / low
        scheduler = schedulers.OneCycleLR(optimizer, high, total_steps=cycle, div_factor=div, cycle_momentum=False)
        steps = cycle
    elif name == "range-test":
        scheduler = schedulers.LinearLR(optimizer, max(low, 1e-300) / high, 1.0, total_iters=cycle)
        steps = cycle
    else:
        scheduler = schedulers.CosineAnnealingLR(optimizer, T_max=cycle, eta_min=low)
        steps = cycle + 1
    followed = []
    while True:
        followed.append(optimizer.param_groups[0]["lr"])
        if len(followed) == steps:
            return followed
        optimizer.step()
        scheduler.step()


def on_scale(name: str, low: float, high: float, cycle: int, gamma: float) -> List[float]:
    if not name.startswith("log-"):
        return rates(name, low, high, cycle, gamma)
    return [low * (high / low) ** height for height in rates(name[len("log-") :], 0.0, 1.0, cycle, gamma)]


def rows(seed: int = 1) -> Iterator[Row]:
    draw = random.Random(seed)
    cycles = ["triangular", "triangular2", "exp-range", "one-cycle", "range-test"]
    for name in cycles + ["log-" + each for each in cycles] + ["cosine"]:
        for _ in range(6):
            low = float(f"{10 ** draw.uniform(-5, -1):.3g}")
            high = float(f"{low * 10 ** draw.uniform(0.2, 3):.3g}")
            first, cycle = draw.choice([0, draw.randrange(1000)]), draw.randrange(4, 300)
            gamma = round(draw.uniform(0.3, 1), 3) if name.endswith("exp-range") else 1.0
            followed = on_scale(name, low, high, cycle, gamma)
            chosen = {0, 1, cycle // 2, cycle - 1, len(followed) - 1, *(draw.randrange(len(followed)) for _ in range(4))}
            for step in sorted(chosen):
                yield name, low, high, first, cycle, gamma, first + step, followed[step]
            yield name, low, high, first, cycle, gamma, 0, followed[0]


def main() -> None:
    warnings.simplefilter("ignore")  # that schedulers warn of calls to step() is of no account here
    with TABLE.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows())


if __name__ == "__main__":
    main()
