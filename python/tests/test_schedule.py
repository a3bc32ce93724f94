import csv
import importlib.util
import unittest
import warnings
from pathlib import Path

from sm2.schedule import NAMES, Schedule

TABLE = Path(__file__).resolve().parents[2] / "testing" / "data" / "schedules.csv"


class ScheduleTest(unittest.TestCase):
    def check(self, row: tuple) -> None:
        shape, low, high, first_step, cycle_steps, gamma, step, wanted = row
        got = Schedule(shape, low, high, first_step, cycle_steps, gamma).at(step)
        self.assertAlmostEqual(got, wanted, delta=1e-12 * (wanted + high), msg=str(row))

    def test_gives_the_reference_values_that_the_cpp_client_gives_too(self) -> None:
        with TABLE.open(newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual({row["schedule"] for row in rows}, set(NAMES) - {"constant"})
        for row in rows:
            shape, *numbers, step, wanted = row.values()
            self.check((shape, *map(float, numbers), int(step), float(wanted)))

    def test_gives_what_pytorch_gives(self) -> None:
        specification = importlib.util.spec_from_file_location("schedules", TABLE.with_suffix(".py"))
        assert specification is not None and specification.loader is not None
        reference = importlib.util.module_from_spec(specification)
        try:
            specification.loader.exec_module(reference)
        except ImportError as missing:
            self.skipTest(f"PyTorch is not installed ({missing}); the committed table stands for it")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            rows = list(reference.rows(seed=2))
        self.assertGreater(len(rows), 300)
        for row in rows:
            self.check(row)

    def test_what_it_does_not_know_or_cannot_lay_out_is_constant(self) -> None:
        for shape in ("constant", "log-constant", "log-cosine", "sawtooth", ""):
            self.assertEqual(Schedule(shape, 0.1, 0.5, 0, 10).at(3), 0.5)
        for shape in NAMES:
            self.assertEqual(Schedule(shape, 0.1, 0.5, 0, 0).at(3), 0.5)

    def test_stays_within_its_bounds_however_short_the_cycle_and_far_the_step(self) -> None:
        for shape in NAMES:
            floor = 0.0 if shape == "one-cycle" else 0.001
            for cycle in (0.5, 1, 2, 3, 3.4, 10):
                for step in (*range(12), 10**6, 10**12):
                    rate = Schedule(shape, 0.001, 0.5, 2, cycle, 0.5).at(step)
                    self.assertTrue(floor * (1 - 1e-12) <= rate <= 0.5 * (1 + 1e-12), f"{shape} {cycle} {step}: {rate}")

    def test_is_read_from_the_tuners_answer(self) -> None:
        message = {"schedule": "exp-range", "low": 0.1, "high": 1, "first_step": 5, "cycle_steps": 20, "gamma": 0.5}
        self.assertEqual(Schedule.asked(message), Schedule("exp-range", 0.1, 1.0, 5.0, 20.0, 0.5))
        self.assertEqual(Schedule.asked({"high": None}), Schedule("None"))


if __name__ == "__main__":
    unittest.main()
