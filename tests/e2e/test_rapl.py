"""RAPL counters in a tree of our own, which a thread steps while sm2 reads it."""

import json
import threading
import time
import unittest
from pathlib import Path
from typing import Any, Callable, Optional

from sm2_binary import Sm2Test

RANGE = 262_143_328_850
WATTS = 100


class RaplTest(Sm2Test):
    def setUp(self) -> None:
        super().setUp()
        self.zone = Path(self.environment["SM2_SYSFS"]) / "class" / "powercap" / "intel-rapl:0"
        self.zone.mkdir(parents=True)
        (self.zone / "name").write_text("package-0\n")
        (self.zone / "max_energy_range_uj").write_text(f"{RANGE}\n")
        self.write(1_000_000)
        self.stop = threading.Event()
        self.addCleanup(self.stop.set)

    def write(self, microjoules: int) -> None:
        """In place, as the kernel's file is."""
        mode = "r+" if (self.zone / "energy_uj").exists() else "w"
        with open(self.zone / "energy_uj", mode) as file:
            file.write(f"{microjoules:014d}\n")

    def count(self, start: int = 1_000_000, change: Optional[Callable[[float], Optional[int]]] = None) -> None:
        """Steps the counter by 100 W; `change` says what it shows instead, or nothing."""

        def run() -> None:
            begin = time.monotonic()
            while not self.stop.wait(0.002):
                now = time.monotonic() - begin
                shown = change(now) if change else None
                self.write(int(start + 1e6 * WATTS * now) % (RANGE + 1) if shown is None else shown)

        self.write(start)
        threading.Thread(target=run, daemon=True).start()

    def measured(self, seconds: float) -> dict[str, Any]:
        return self.measured_of("sleep", str(seconds))

    def measured_of(self, *command: str) -> dict[str, Any]:
        ended = self.sm2("measure", "--json", "--", *command)
        self.assertEqual((ended.status, ended.err), (0, ""), ended)
        return json.loads(ended.out)

    def assert_right(self, measured: dict[str, Any]) -> None:
        true = WATTS * measured["seconds"]
        self.assertEqual(measured["domains"][0]["source"], "rapl")
        self.assertAlmostEqual(measured["joules"], true, delta=0.2 * true)
        self.assertLessEqual(abs(measured["joules"] - true), measured["joules_error"] + 0.2 * WATTS, measured)

    def test_joules_are_right(self) -> None:
        self.count()
        self.assert_right(self.measured(1))

    def test_a_wrap_is_followed(self) -> None:
        self.count(start=RANGE - 30_000_000)
        self.assert_right(self.measured(1))

    def test_a_reset_is_unknown_and_says_so(self) -> None:
        self.count(start=200_000_000_000, change=lambda now: int(1e6 * now) if now > 0.4 else None)
        measured = self.measured(1)
        self.assertIsNone(measured["joules"])
        self.assertIn("reset", measured["note"])

    def test_a_counter_that_stands_still_is_unknown(self) -> None:
        measured = self.measured(1.2)
        self.assertIsNone(measured["joules"])
        self.assertIn("stood still", measured["note"])

    def test_a_file_that_vanishes_is_unknown(self) -> None:
        self.count()
        timer = threading.Timer(0.4, lambda: (self.stop.set(), time.sleep(0.05), (self.zone / "energy_uj").unlink()))
        timer.start()
        measured = self.measured(1)
        timer.join()
        self.assertIsNone(measured["joules"])
        self.assertIn("No such file", measured["note"])

    def test_garbage_is_unknown(self) -> None:
        for text in ("nan", "-5", "", "12 apples"):
            with self.subTest(text=text):
                self.write(1_000_000)
                spoils = 'sleep 0.2; echo "$1" > "$0"; sleep 0.3'
                measured = self.measured_of("/bin/sh", "-c", spoils, str(self.zone / "energy_uj"), text)
                self.assertIsNone(measured["joules"])
                self.assertNotEqual(measured["note"], "")


if __name__ == "__main__":
    unittest.main()
