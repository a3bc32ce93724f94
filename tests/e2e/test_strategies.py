"""Every strategy, with a trainer that speaks through the Python client, to the end."""

import unittest
from typing import Any

from sm2_binary import Sm2Test, learner, printing

RUNGS = {"unit": "epoch", "min": 1, "max": 4}
RATE = {"low": 1e-3, "high": 1.0, "scale": "log"}
BATCH = {"values": [8, 16, 32, 64]}
HALVING = ("sm2", "sm2-classic", "successive-halving")


class StrategyTest(Sm2Test):
    def finish(self, name: str, space: dict[str, Any]) -> dict[str, Any]:
        strategy = {"name": name} if name == "grid" else {"name": name, "candidates": 4}
        ended = self.tune(learner(), resource=RUNGS, space=space, strategy=strategy)
        self.assertEqual((ended.status, ended.err), (0, ""), ended)
        shown = self.json("show")
        self.assertEqual((shown["state"], shown["strategy"]["name"]), ("finished", name))
        return shown

    def test_trains_the_winner_to_the_end(self) -> None:
        for name in HALVING:
            with self.subTest(strategy=name):
                self.afresh()
                winner = self.finish(name, {"batch_size": BATCH, "learning_rate": RATE})["winner"]
                trials = self.trials()
                self.assertEqual(len(trials), 4)
                to_the_end = [t["trial"] for t in trials if t["resource"] == 4]
                # Rungs of sm2 are joules: a frugal candidate may come to its end before others are dropped.
                self.assertIn(winner, to_the_end)
                if name != "sm2":
                    self.assertEqual(to_the_end, [winner])
                self.assertEqual({t["state"] for t in trials if t["trial"] != winner}, {"stopped"})

    def test_of_a_finished_study_nothing_waits_and_what_was_left_has_a_reason(self) -> None:
        for name in ("sm2", "asha", "pbt", "hyperband"):
            with self.subTest(strategy=name):
                self.afresh()
                shown = self.finish(name, {"batch_size": BATCH, "learning_rate": RATE})
                counts = shown["trials"]
                self.assertEqual((counts["running"], counts["interrupted"], counts["paused"]), (0, 0, 0), counts)
                left = [trial for trial in self.trials() if trial["state"] == "stopped"]
                self.assertGreater(len(left), 0)
                for trial in left:
                    self.assertRegex(trial["reason"], r"\d", trial)
                self.assertAlmostEqual(sum(trial["joules"] for trial in left), shown["joules"]["dropped"])
                self.assertGreater(shown["joules"]["dropped"], 0)

    def test_continues_from_checkpoints(self) -> None:
        command = learner("--diary=diary")
        ended = self.tune(command, resource=RUNGS, strategy={"name": "successive-halving", "candidates": 4})
        self.assertEqual(ended.status, 0, ended)
        diary = (self.folder / "diary").read_text().splitlines()
        self.assertEqual(len(diary), len(set(diary)), "an epoch was trained twice")
        self.assertEqual(len(diary), 4 * 1 + 2 * 1 + 1 * 2)

    def test_trains_all_in_full(self) -> None:
        for name, space in (("random", {"batch_size": BATCH}), ("grid", {"batch_size": BATCH})):
            with self.subTest(strategy=name):
                self.afresh()
                winner = self.finish(name, space)["winner"]
                trials = self.trials()
                self.assertEqual([t["resource"] for t in trials], [4] * 4)
                self.assertEqual(trials[winner]["metric"], max(t["metric"] for t in trials))

    def test_reads_plain_output(self) -> None:
        for name in (*HALVING, "random", "grid"):
            with self.subTest(strategy=name):
                self.afresh()
                program = printing("for e in 1 2; do echo accuracy=0.{batch_size}; done")
                ended = self.tune(**program, resource={"unit": "epoch", "max": 2}, strategy={"name": name})
                self.assertEqual(ended.status, 0, ended)
                best = self.json("best")
                self.assertEqual((best["params"], best["metric"]), ({"batch_size": 8}, 0.8))

    def test_minimizes(self) -> None:
        program = printing("echo accuracy=0.{batch_size}")
        metric = {"name": "accuracy", "goal": "minimize"}
        self.assertEqual(self.tune(**program, metric=metric, strategy={"name": "grid"}).status, 0)
        self.assertEqual(self.json("best")["params"], {"batch_size": 16})

    def test_ends_at_the_target(self) -> None:
        program = printing("echo accuracy=0.{batch_size}")
        metric = {"name": "accuracy", "goal": "maximize", "target": 0.01}
        ended = self.tune(**program, metric=metric, strategy={"name": "grid"})
        self.assertEqual(ended.status, 0, ended)
        self.assertEqual(len(self.trials()), 1)
        self.assertIn("target", self.json("show")["reason"])


if __name__ == "__main__":
    unittest.main()
