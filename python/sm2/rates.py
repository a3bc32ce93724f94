"""The learning rates of an optimiser that keeps its parameters in groups, as PyTorch's do.

Groups keep the proportions that they have at first: what the tuner asks for is the rate of the first group that has any.
"""

from __future__ import annotations

from typing import Any


class LearningRates:
    def __init__(self, optimizer: Any) -> None:
        self._optimizer = optimizer  # which may exchange its groups, when it is loaded
        groups = optimizer.param_groups
        self.scheduled: bool = any("initial_lr" in group for group in groups)
        """Whether a scheduler of PyTorch's sets them."""
        rates = [float(group.get("initial_lr", group["lr"])) for group in groups]
        whole = next((rate for rate in rates if rate > 0), 0.0)
        self._shares = [rate / whole if whole else 1.0 for rate in rates]

    @property
    def first(self) -> float:
        return float(self._optimizer.param_groups[0]["lr"])

    def set(self, rate: float) -> None:
        for group, share in zip(self._optimizer.param_groups, self._shares):
            if hasattr(group["lr"], "fill_"):  # a tensor, which captured graphs read from where it is
                group["lr"].fill_(rate * share)
            else:
                group["lr"] = rate * share
