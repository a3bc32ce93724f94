"""The learning-rate schedules of the protocol (docs/protocol.md), as a formula of the optimiser step.

With t = max(0, step - first_step), c = cycle_steps and x = (t mod c) / c:

    constant     high
    cosine       low + (high - low) (1 + cos(pi min(1, t / c))) / 2     Loshchilov and Hutter, arXiv 1608.03983
    the others   low + (high - low) h with the height h; "log-" before the name: low (high / low)^h
      triangular   1 - |2x - 1|                                         Smith, arXiv 1506.01186
      triangular2  the same, halved after each cycle: divided by 2^floor(t / c)
      exp-range    the same times gamma^(t / c), as PyTorch's CyclicLR with a gamma of gamma^(1 / c)
      range-test   x                                                    the rise of 1506.01186, 3.3
      one-cycle    (1 - cos(pi s / u)) / 2 up to s = u = 0.3 c - 1, with s = t mod c; then down to 0 at s = c - 1,
                   likewise, and on the linear scale to low / 10^4 in place of low
                                                                        Smith and Topin, arXiv 1708.07120, as
                                                                        PyTorch's OneCycleLR

A name that is not known is constant, and so is a cycle that is not longer than 0 steps.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Mapping

_CYCLES = ("triangular", "triangular2", "exp-range", "one-cycle", "range-test")

NAMES = ("constant", "cosine", *_CYCLES, *("log-" + name for name in _CYCLES))
"""Every schedule that this client can follow, for its hello."""


@dataclass(frozen=True)
class Schedule:
    shape: str = "constant"
    low: float = 0.0
    high: float = 0.0
    first_step: float = 0.0
    cycle_steps: float = 0.0
    gamma: float = 1.0
    """Of exp-range, per cycle."""

    @staticmethod
    def asked(message: Mapping[str, Any]) -> Schedule:
        """As the tuner's answer to a hello has it, under `learning_rate`."""
        return Schedule(
            shape=str(message.get("schedule")),
            low=_number(message, "low", 0.0),
            high=_number(message, "high", 0.0),
            first_step=_number(message, "first_step", 0.0),
            cycle_steps=_number(message, "cycle_steps", 0.0),
            gamma=_number(message, "gamma", 1.0),
        )

    def at(self, step: int) -> float:
        """The learning rate at `step`, counted from the trial's very beginning."""
        if self.shape == "constant" or self.shape not in NAMES or not self.cycle_steps > 0:
            return self.high
        t = max(0.0, step - self.first_step)
        if self.shape == "cosine":
            return self._between(self.low, _fall(min(1.0, t / self.cycle_steps)))
        if self.shape.endswith("one-cycle"):
            return self._one_cycle(math.fmod(t, self.cycle_steps))
        return self._between(self.low, self._height(t))

    @property
    def _log(self) -> bool:
        return self.shape.startswith("log-")

    def _between(self, bottom: float, height: float) -> float:
        if self._log:
            return bottom * float((self.high / bottom) ** height)
        return bottom + (self.high - bottom) * height

    def _height(self, t: float) -> float:
        x = math.fmod(t, self.cycle_steps) / self.cycle_steps
        if self.shape.endswith("range-test"):
            return x
        triangle = 1 - abs(2 * x - 1)
        if self.shape.endswith("triangular2"):
            return math.ldexp(triangle, -math.floor(t / self.cycle_steps))
        if self.shape.endswith("exp-range"):
            return triangle * float(self.gamma ** (t / self.cycle_steps))
        return triangle

    def _one_cycle(self, step: float) -> float:
        top = max(0.0, 0.3 * self.cycle_steps - 1)
        end = max(top, self.cycle_steps - 1)
        if step < top:
            return self._between(self.low, 1 - _fall(step / top))
        floor = self.low if self._log else self.low / 1e4
        return self._between(floor, _fall(min(1.0, (step - top) / (end - top))) if end > top else 0.0)


def _fall(x: float) -> float:
    return (1 + math.cos(math.pi * x)) / 2


def _number(message: Mapping[str, Any], key: str, otherwise: float) -> float:
    value = message.get(key)
    return float(value) if isinstance(value, (int, float)) else otherwise
