import csv
import unittest
from pathlib import Path

from sm2 import Schedule

TABLE = Path(__file__).resolve().parents[2] / "testing" / "data" / "schedules.csv"


class ScheduleTest(unittest.TestCase):
    def test_gives_the_reference_values_that_the_cpp_client_gives_too(self) -> None:
        with TABLE.open(newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertGreater(len(rows), 40)
        for row in rows:
            with self.subTest(row=row):
                shape = row.pop("schedule")
                low, high, first_step, cycle_steps, step, wanted = map(float, row.values())
                got = Schedule(shape, low, high, first_step, cycle_steps).at(int(step))
                self.assertAlmostEqual(got, wanted, delta=1e-12 * (wanted + high))


if __name__ == "__main__":
    unittest.main()
