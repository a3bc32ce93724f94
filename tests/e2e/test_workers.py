"""Several trials at a time: their energy is divided, and sums to the whole."""

import unittest

from sm2_binary import Sm2Test, printing


class WorkersTest(Sm2Test):
    def tune_at_once(self, workers: int, shell: str) -> None:
        (self.folder / "trace.csv").write_text("seconds,watts\n0,100\n600,100\n")
        self.write_study(
            **printing(shell),
            strategy={"name": "random", "candidates": 4},
            energy={"sources": ["replay:trace.csv"]},
        )
        ended = self.sm2("tune", "study.toml", "--workers", str(workers))
        self.assertEqual((ended.status, ended.err), (0, ""), ended)

    def test_shares_sum_to_the_whole(self) -> None:
        self.tune_at_once(2, ": {batch_size}; sleep 0.5; echo accuracy=0.5")
        trials = self.trials()
        self.assertEqual([trial["state"] for trial in trials], ["finished"] * 4)
        self.assertIn("a share", self.events("exited")[0]["energy"][0]["note"])
        active = sum(event["seconds"] for event in self.events("exited"))
        total = sum(trial["joules"] for trial in trials)
        self.assertEqual(self.json("show")["joules"]["total"], total)
        # 100 W throughout, and two at a time for most of it: hardly more than half of what each alone would be charged.
        self.assertGreater(total, 0.98 * 100 * active / 2)
        self.assertLess(total, 0.8 * 100 * active)

    def test_one_at_a_time_nothing_is_divided(self) -> None:
        self.tune_at_once(1, ": {batch_size}; echo accuracy=0.5")
        for event in self.events("exited"):
            self.assertNotIn("share", str(event["energy"]))

    def test_a_number_of_workers_that_makes_no_sense_is_refused(self) -> None:
        self.write_study(**printing(": {batch_size}; echo accuracy=0.5"))
        ended = self.sm2("tune", "study.toml", "--workers", "0")
        self.assertEqual(ended.status, 2)
        self.assertIn("--workers", ended.err)


if __name__ == "__main__":
    unittest.main()
