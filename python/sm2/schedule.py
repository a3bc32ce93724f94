"""The learning-rate schedules of the protocol (docs/protocol.md), as a formula of the optimiser step.

With t = max(0, step - first_step) and c = cycle_steps:

    constant    high
    triangular  x = (t mod c) / c;     low + (high - low) (1 - |2x - 1|)         Smith, arXiv 1506.01186
    log-triangular              low (high / low)^(1 - |2x - 1|), the same on a log scale
    cosine      x = min(1, t / c);     low + (high - low) (1 + cos(pi x)) / 2    Loshchilov, arXiv 1608.03983

A name that is not known is constant, and so is a cycle that is not longer than 0 steps.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Schedule:
    shape: str = "constant"
    low: float = 0.0
    high: float = 0.0
    first_step: float = 0.0
    cycle_steps: float = 0.0

    def at(self, step: int) -> float:
        """The learning rate at `step`, counted from the trial's very beginning."""
        if self.shape not in ("triangular", "log-triangular", "cosine") or not self.cycle_steps > 0:
            return self.high
        t = max(0.0, step - self.first_step)
        if self.shape != "cosine":
            height = 1 - abs(2 * math.fmod(t, self.cycle_steps) / self.cycle_steps - 1)
            if self.shape == "triangular":
                return self.low + (self.high - self.low) * height
            return self.low * (self.high / self.low) ** height
        x = min(1.0, t / self.cycle_steps)
        return self.low + (self.high - self.low) * (1 + math.cos(math.pi * x)) / 2
