"""A study of 5,000 trials: what the tuner that goes on with it holds in memory."""

import itertools
import json
import sqlite3
import unittest
from pathlib import Path
from typing import Any

from sm2_binary import Sm2Test, printing, until

WIDE, DEEP, LEFT = 100, 50, 10  # the space, and how many of its trials are not in the store
MOST_RESIDENT = 30 << 10  # KiB


class LongStudyTest(Sm2Test):
    def rows(self, trial: int) -> list[tuple[str, dict[str, Any]]]:
        """Kinds and bodies of a trial's events, in order."""
        with sqlite3.connect(self.folder / "sm2.db") as database:
            rows = database.execute("SELECT kind, body FROM events ORDER BY seq").fetchall()
        bodies = [(kind, json.loads(body)) for kind, body in rows]
        return [(kind, body) for kind, body in bodies if body.get("trial") == trial]

    def begin(self) -> None:
        """A study of which a few trials have run."""
        space = {"depth": {"low": 1, "high": DEEP}, "width": {"low": 1, "high": WIDE}}
        program = printing("echo accuracy=0.{width}{depth}")
        self.write_study(**program, space=space, strategy={"name": "grid", "points": WIDE})
        tuner = self.start("tune", "study.toml")
        tuner.wait_for("^trial 3 ")
        tuner.kill()
        self.assert_nothing_left()

    def lengthen(self) -> None:
        """As if all but the last had run, as the second did: trials of a grid differ in their setting alone."""
        one = self.rows(1)
        settings = [{"depth": depth, "width": width} for depth, width in itertools.product(range(1, DEEP + 1), range(1, WIDE + 1))]
        with sqlite3.connect(self.folder / "sm2.db") as database:
            ((study, time),) = database.execute("SELECT study, max(time) FROM events")
            ((last,),) = database.execute("SELECT max(seq) FROM events WHERE kind = 'exited' AND body ->> 'trial' = 1")
            database.execute("DELETE FROM events WHERE seq > ?", (last,))
            copies = [
                (kind, body | {"trial": trial} | ({"params": settings[trial]} if kind == "decided" else {}))
                for trial in range(2, WIDE * DEEP - LEFT)
                for kind, body in one
            ]
            database.executemany(
                "INSERT INTO events VALUES (?, ?, ?, ?, ?)",
                [(study, last + at, time, kind, json.dumps(body)) for at, (kind, body) in enumerate(copies, 1)],
            )

    def most_resident(self) -> int:
        """Goes on with the study; the most memory that the tuner held, in KiB."""
        tuner = self.start("tune", "study.toml", "--quiet")
        status = Path("/proc", str(tuner.pid), "status")
        most = 0

        def ended() -> bool:
            nonlocal most
            for line in status.read_text().splitlines():
                if line.startswith("VmHWM:"):
                    most = int(line.split()[1])
            return tuner.process.poll() is not None

        until(ended, "the end of the study")
        finished = tuner.end()
        self.assertEqual((finished.status, finished.err), (0, ""), finished)
        return most

    def test_going_on_with_five_thousand_trials_takes_little_memory(self) -> None:
        self.begin()
        self.lengthen()
        checked = self.sm2("check")
        self.assertEqual(checked.status, 0, checked)
        most = self.most_resident()
        print(f"\nresident, going on with {WIDE * DEEP} trials: {most} KiB at most")
        self.assertEqual(len(self.trials()), WIDE * DEEP)
        self.assertLess(most, MOST_RESIDENT)


if __name__ == "__main__":
    unittest.main()
