"""The dashboard for Grafana, share/grafana/sm2.json: it asks only for metrics and labels that the server has."""

from __future__ import annotations

import json
import re
import unittest
from typing import Any

from served import PLAIN, ServeTest
from sm2_binary import ROOT

DASHBOARD = json.loads((ROOT / "share" / "grafana" / "sm2.json").read_text(encoding="utf-8"))
NAME = re.compile(r"\bsm2_\w+")
SELECTED = re.compile(r"\b(sm2_\w+)\{([^}]*)\}")


def expressions() -> list[str]:
    found = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
    return found + [each["query"]["query"] for each in DASHBOARD["templating"]["list"] if each["type"] == "query"]


class GrafanaTest(ServeTest):
    def labels_by_metric(self) -> dict[str, set[str]]:
        self.tune(**PLAIN, energy={"grid": "DE"})
        text = self.serve().get("/metrics").body
        found: dict[str, set[str]] = {}
        for line in text.splitlines():
            sample = re.match(r"(sm2_\w+)(?:\{(.*)\})? ", line)
            if sample:
                found.setdefault(sample[1], set()).update(re.findall(r'(\w+)="', sample[2] or ""))
        return found

    def test_it_asks_for_what_there_is(self) -> None:
        there = self.labels_by_metric()
        used = {name for expression in expressions() for name in NAME.findall(expression)}
        self.assertLessEqual(used, set(there))
        for wanted in ("energy_joules_total", "trials", "best_metric", "carbon_grams_total"):
            self.assertIn(f"sm2_study_{wanted}", used)
        for expression in expressions():
            for name, selectors in SELECTED.findall(expression):
                self.assertLessEqual(set(re.findall(r"(\w+)=~?", selectors)), there[name], expression)
        for panel in DASHBOARD["panels"]:
            for target in panel["targets"]:
                shown = set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]))
                (name,) = set(NAME.findall(target["expr"])) if shown else (None,)
                self.assertLessEqual(shown, there.get(name, set()), target)

    def test_panels_have_a_place_and_a_number_of_their_own(self) -> None:
        panels: list[dict[str, Any]] = DASHBOARD["panels"]
        self.assertEqual(len({panel["id"] for panel in panels}), len(panels))
        taken: set[tuple[int, int]] = set()
        for panel in panels:
            place = panel["gridPos"]
            self.assertLessEqual(place["x"] + place["w"], 24)
            cells = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
            self.assertFalse(taken & cells, panel["title"])
            taken |= cells


if __name__ == "__main__":
    unittest.main()
