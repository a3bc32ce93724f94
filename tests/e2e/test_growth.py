"""A long study of short trials: the tuner itself does not grow."""

import os
import time
import unittest
from pathlib import Path
from typing import NamedTuple

from sm2_binary import Running, Sm2Test, printing

TRIALS = 200


class Sample(NamedTuple):
    descriptors: int
    children: int
    resident_kib: int
    cpu_seconds: float


class GrowthTest(Sm2Test):
    def sample(self, tuner: Running) -> Sample:
        process = Path("/proc", str(tuner.pid))
        children = (process / "task" / str(tuner.pid) / "children").read_text().split()
        resident = next(line for line in (process / "status").read_text().splitlines() if line.startswith("VmRSS"))
        ticks = (process / "stat").read_text().rpartition(")")[2].split()[11:13]
        return Sample(
            len(os.listdir(process / "fd")),
            len(children),
            int(resident.split()[1]),
            sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK"),
        )

    def watch(self, tuner: Running) -> list[Sample]:
        samples = []
        while tuner.process.poll() is None:
            try:
                samples.append(self.sample(tuner))
            except (OSError, StopIteration):  # it has just ended
                break
            time.sleep(0.02)
        return samples

    def test_two_hundred_short_trials(self) -> None:
        program = printing("sleep 0.01; echo accuracy=0.{batch_size}")
        space = {"batch_size": {"low": 1, "high": 100_000}}
        self.write_study(**program, space=space, strategy={"name": "random", "candidates": TRIALS})
        tuner = self.start("tune", "study.toml", "--quiet")
        samples = self.watch(tuner)
        ended = tuner.end()
        self.assertEqual((ended.status, ended.err), (0, ""), ended)
        trials = self.trials()
        self.assertEqual([(t["trial"], t["reason"], t["note"]) for t in trials if t["state"] != "finished"], [])
        self.assertEqual(len(trials), TRIALS)

        self.assertGreater(len(samples), 20)
        early, late = samples[len(samples) // 10 : len(samples) // 2], samples[len(samples) // 2 :]
        self.assertLessEqual(max(s.descriptors for s in late), max(s.descriptors for s in early) + 4)
        self.assertLessEqual(max(s.children for s in samples), 2)
        self.assertLess(late[-1].resident_kib - early[0].resident_kib, 4096)
        self.assertLess(max(s.resident_kib for s in samples), 40 * 1024)
        own = samples[-1].cpu_seconds / TRIALS
        print(f"\ntuner's own CPU seconds per trial: {own:.5f}; resident: {samples[-1].resident_kib} KiB")


if __name__ == "__main__":
    unittest.main()
