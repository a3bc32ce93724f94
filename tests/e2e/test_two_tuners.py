"""Two tuners: not on one study, but on two studies of one store."""

import unittest

from sm2_binary import Ended, Sm2Test, learner

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

    def write(self) -> None:
        self.write_study(learner("--epoch-seconds=0.05"), resource=RUNGS, strategy=HALVING)

    def assert_one_worked(self, ended: list[Ended]) -> None:
        """One tuned; the others said so in a line, or came when all was done."""
        for one in ended:
            if one.status == 0:
                self.assertEqual(one.err, "", one)
            else:
                self.assert_one_line(one, 2, "another sm2 tune works on this study already")
        self.assertGreater(sum(one.status == 0 for one in ended), 0)
        self.assertEqual(self.json("show")["state"], "finished")
        self.assertEqual(self.sm2("check").status, 0)

    def test_ten_at_the_same_moment_on_a_fresh_store(self) -> None:
        for _ in range(3):
            self.afresh()
            self.write()
            tuners = [self.start("tune", "study.toml") for _ in range(10)]
            self.assert_one_worked([tuner.end() for tuner in tuners])
            self.assertEqual(len(self.events("opened")), 1)
            self.assertEqual(len(self.events("created")), 1)

    def test_ten_at_the_same_moment_on_a_study_that_was_killed(self) -> None:
        self.write()
        first = self.start("tune", "study.toml")
        first.wait_for("^trial . +2 epoch")
        first.kill()
        tuners = [self.start("tune", "study.toml") for _ in range(10)]
        self.assert_one_worked([tuner.end() for tuner in tuners])
        self.assertEqual(len(self.events("opened")), 2)

    def test_ten_studies_begin_in_one_fresh_store(self) -> None:
        names = [f"study{k}" for k in range(10)]
        for name in names:
            self.write_study(learner(), f"{name}.toml", name=name)
        tuners = [self.start("tune", f"{name}.toml") for name in names]
        for tuner in tuners:
            ended = tuner.end()
            self.assertEqual((ended.status, ended.err), (0, ""), ended)
        self.assertEqual({study["study"] for study in self.json("list")["studies"]}, set(names))

    def test_the_next_may_start_at_the_moment_of_a_kill(self) -> None:
        self.write()
        for pattern in ("^trial . starts", "^trial . +1 epoch", "^trial . +2 epoch"):
            tuner = self.start("tune", "study.toml")
            tuner.wait_for(pattern)
            tuner.process.kill()
        ended = self.sm2("tune", "study.toml")
        self.assertEqual((ended.status, ended.err), (0, ""), ended)
        self.assertEqual(self.sm2("check").status, 0)

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
