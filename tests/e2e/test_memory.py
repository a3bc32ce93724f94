"""Batch sizes that do not fit into memory: dropped in the probe, cheaply, and larger ones not tried."""

import shlex
import sys
import unittest
from typing import Any

from sm2_binary import Sm2Test, TRAINERS

BATCH_SIZES = {"batch_size": {"values": [8, 128, 256, 512]}}
EPOCHS = {"unit": "epoch", "min": 1, "max": 3}
PROBED = {"name": "sm2", "probe": "200 ms"}
BY_CPU_TIME = {"sources": ["cpu-model"], "cpu_idle": "0 W", "cpu_busy": "10 W"}  # a loaded machine costs no more
GREEDY = [sys.executable, str(TRAINERS / "greedy.py"), "--batch-size={batch_size}"]


def in_address_space(mebibytes: int, *flags: str) -> list[str]:
    words = " ".join([*map(shlex.quote, GREEDY[:-1]), '"$0"', *flags])
    return ["/bin/sh", "-c", f"ulimit -v {mebibytes * 1024}; exec {words}", GREEDY[-1]]


class MemoryTest(Sm2Test):
    def trials_by_batch_size(self) -> dict[int, dict[str, Any]]:
        return {trial["params"]["batch_size"]: trial for trial in self.trials()}

    def assert_one_did_not_fit(self, *words: str) -> None:
        """128 was started and failed, once and early; 256 and 512 were not, and one that fits is the winner."""
        trials = self.trials_by_batch_size()
        self.assertEqual(trials[128]["state"], "failed", trials)
        for word in words:
            self.assertIn(word, trials[128]["reason"])
        for size in (256, 512):
            self.assertIn("batch size 128 did not fit", trials[size]["reason"])
            self.assertEqual((trials[size]["joules"], trials[size]["evaluations"]), (0, 0))
        self.assertLess(self.json("best")["params"]["batch_size"], 128)
        self.assertGreater(trials[128]["joules"], 0)
        self.assertLessEqual(trials[128]["evaluations"], 1)
        launched = [event["trial"] for event in self.events("launched")]
        self.assertEqual(launched.count(trials[128]["trial"]), 1)
        total = self.json("show", "s")["joules"]["total"]
        self.assertAlmostEqual(total, sum(trial["joules"] for trial in trials.values()), places=6)

    def test_a_limit_of_memory_ends_it_in_the_probe(self) -> None:
        limits = {"memory": "80 MiB", "grace": "1 s"}
        ended = self.tune(GREEDY, space=BATCH_SIZES, resource=EPOCHS, strategy=PROBED, limits=limits, energy=BY_CPU_TIME)
        self.assertEqual(ended.status, 0, ended)
        self.assert_one_did_not_fit("out of memory: limit memory")

    def test_a_memory_error_is_known_by_its_traceback(self) -> None:
        ended = self.tune(in_address_space(120), space=BATCH_SIZES, resource=EPOCHS, strategy=PROBED, energy=BY_CPU_TIME)
        self.assertEqual(ended.status, 0, ended)
        self.assert_one_did_not_fit("out of memory: MemoryError")

    def test_no_sampler_starts_what_is_known_not_to_fit(self) -> None:
        space = BATCH_SIZES | {"learning_rate": {"low": 0.01, "high": 1.0, "scale": "log"}}
        strategy = {"name": "random", "candidates": 12}
        command = in_address_space(120, "--epochs=1")
        ended = self.tune(command, space=space, resource={"unit": "epoch", "max": 1}, strategy=strategy)
        self.assertEqual(ended.status, 0, ended)
        started = {event["trial"] for event in self.events("launched")}
        failed = [trial for trial in self.trials() if trial["state"] == "failed"]
        sizes = [trial["params"]["batch_size"] for trial in failed if trial["trial"] in started]
        self.assertEqual(sizes, sorted(set(sizes), reverse=True), "each start is of a smaller one")
        spared = [trial for trial in failed if trial["trial"] not in started]
        self.assertGreater(len(spared), 0)
        for trial in spared:
            self.assertIn("not started: batch size", trial["reason"])
            self.assertEqual(trial["joules"], 0)

    def test_gradient_accumulation_stands_in(self) -> None:
        command = in_address_space(120, "--accumulate")
        ended = self.tune(command, space=BATCH_SIZES, resource=EPOCHS, strategy=PROBED, energy=BY_CPU_TIME)
        self.assertEqual(ended.status, 0, ended)
        for size, trial in self.trials_by_batch_size().items():
            self.assertNotEqual(trial["state"], "failed", trial)
            self.assertNotIn("memory", trial["reason"] or "")
            self.assertGreater(trial["joules"], 0)
            if size >= 128:
                self.assertIn(b"going on with passes of", self.log(trial["trial"]))


if __name__ == "__main__":
    unittest.main()
