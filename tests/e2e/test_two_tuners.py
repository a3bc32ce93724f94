"""Two tuners: not on one study, but on two studies of one store."""

import unittest

from sm2_binary import Sm2Test, learner

RUNGS = {"unit": "epoch", "min": 1, "max": 8}
HALVING = {"name": "successive-halving", "candidates": 4}


class TwoTunersTest(Sm2Test):
    def test_the_second_on_a_study_says_so(self) -> None:
        self.write_study(learner("--epoch-seconds=0.05"), resource=RUNGS, strategy=HALVING)
        first = self.start("tune", "study.toml")
        first.wait_for("^trial . +1 epoch")
        self.assert_one_line(self.sm2("tune", "study.toml"), 2, "another sm2 tune works on this study already")
        self.assertEqual(first.end().status, 0)
        self.assertEqual(len(self.events("opened")), 1)

    def test_the_first_may_still_be_read(self) -> None:
        self.write_study(learner("--epoch-seconds=0.05"), resource=RUNGS, strategy=HALVING)
        first = self.start("tune", "study.toml")
        first.wait_for("^trial . +1 epoch")
        self.assertEqual(self.json("show")["state"], "running")
        self.assertEqual(self.json("list")["studies"][0]["state"], "running")
        best = self.json("best")
        self.assertEqual((best["decided"], self.json("show")["winner"]), (False, None))
        self.assertEqual(self.sm2("report", "s", "-o", "report.html").status, 0)
        self.assertEqual(first.end().status, 0)

    def test_two_studies_share_a_store(self) -> None:
        for name in ("first", "second"):
            self.write_study(learner(), f"{name}.toml", name=name, resource=RUNGS, strategy=HALVING)
        both = [self.start("tune", f"{name}.toml") for name in ("first", "second")]
        for running in both:
            ended = running.end()
            self.assertEqual((ended.status, ended.err), (0, ""), ended)
        self.assertEqual({study["state"] for study in self.json("list")["studies"]}, {"finished"})


if __name__ == "__main__":
    unittest.main()
