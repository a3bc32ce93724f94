"""What a recorded table (docs/compare.md) says by itself: its settings, the target, and how far energy spreads."""

from __future__ import annotations

import csv
import math
from pathlib import Path
from statistics import mean, median
from typing import NamedTuple, Optional

EASY = 0.1  # the share of settings that reach the target in every run
COLUMNS = ("seed", "resource", "metric", "joules", "seconds", "test_metric")


class Row(NamedTuple):
    resource: int
    metric: float
    joules: float


Setting = tuple[str, ...]
Runs = dict[Setting, dict[str, list[Row]]]  # by the parameters' values, then by seed


class Table:
    def __init__(self, path: Path, minimized: bool) -> None:
        with open(path, newline="") as file:
            rows = list(csv.DictReader(file))
        self.path = path
        self.minimized = minimized
        self.parameters = [name for name in rows[0] if name not in COLUMNS]
        self.runs: Runs = {}
        for row in rows:
            setting = tuple(row[name] for name in self.parameters)
            curve = self.runs.setdefault(setting, {}).setdefault(row["seed"], [])
            curve.append(Row(int(row["resource"]), float(row["metric"]), float(row["joules"])))
        for seeds in self.runs.values():
            for curve in seeds.values():
                curve.sort()
        self.units = max(curve[-1].resource for curve in self.curves())
        self.total = sum(curve[-1].joules for curve in self.curves())

    def curves(self) -> list[list[Row]]:
        return [curve for seeds in self.runs.values() for curve in seeds.values()]

    def values(self, parameter: str) -> list[str]:
        place = self.parameters.index(parameter)
        return sorted({setting[place] for setting in self.runs}, key=float)

    def combinations(self) -> int:
        """How many configurations the space of the table's values holds."""
        return math.prod(len(self.values(name)) for name in self.parameters)

    def final(self, setting: Setting) -> Optional[float]:
        """The mean final metric over seeds; None where a run diverged, or there is none."""
        last = [curve[-1].metric for curve in self.runs.get(setting, {}).values()]
        return None if not last or any(math.isnan(one) for one in last) else mean(last)

    def reliable(self, setting: Setting) -> float:
        """The best metric that every run of the setting reaches at some moment."""
        sign = -1 if self.minimized else 1
        bests = []
        for curve in self.runs[setting].values():
            known = [sign * row.metric for row in curve if not math.isnan(row.metric)]
            bests.append(max(known, default=-math.inf))
        return sign * min(bests)

    def target(self) -> float:
        """The best metric that at least the share EASY of the settings reach in every run; to four digits, and not beyond."""
        bests = sorted(map(self.reliable, self.runs), reverse=not self.minimized)
        exact = bests[math.ceil(EASY * len(bests)) - 1]
        step = 10.0 ** (math.floor(math.log10(abs(exact))) - 3)
        rounded = (math.ceil if self.minimized else math.floor)(exact / step) * step
        return float(f"{rounded:.4g}")

    def joules_to(self, target: float, setting: Setting) -> Optional[float]:
        """Of all runs of the setting until the target or their end, for each run that reaches it."""
        joules, reached = 0.0, 0
        for curve in self.runs.get(setting, {}).values():
            good = [row for row in curve if (row.metric <= target if self.minimized else row.metric >= target)]
            joules += good[0].joules if good else curve[-1].joules
            reached += bool(good)
        return joules / reached if reached else None

    def reaching(self, target: float) -> float:
        """The share of settings of which a run reaches the target."""
        return mean(self.joules_to(target, setting) is not None for setting in self.runs)

    def spread(self) -> Optional[float]:
        """Runs of one setting do the same work: the most joules of one over the least, the median over settings."""
        ratios = []
        for seeds in self.runs.values():
            joules = [curve[-1].joules for curve in seeds.values() if curve[-1].resource == self.units]
            if len(joules) > 1:
                ratios.append(max(joules) / min(joules))
        return median(ratios) if ratios else None
