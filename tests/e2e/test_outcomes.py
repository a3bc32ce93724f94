"""Trainers that go wrong: each is told apart, in words, and none stops the study."""

import time
import unittest
from typing import Any

from sm2_binary import Sm2Test, printing, wrong

ONE = {"name": "random", "candidates": 1}


class OutcomeTest(Sm2Test):
    def fail_with(self, *words: str, **keys: Any) -> dict[str, Any]:
        """Tunes a program that cannot be used; returns its only trial."""
        ended = self.tune(wrong(*words), strategy=ONE, **keys)
        self.assert_one_line(ended, 1, "no trial was usable", "sm2 trials s", "sm2.trials/s/*/log")
        (trial,) = self.trials()
        self.assertEqual(trial["state"], "failed")
        self.assertEqual(self.json("show")["trials"]["failed"], 1)
        return trial

    def test_a_crash_has_its_status_and_last_line(self) -> None:
        reason = self.fail_with("crash")["reason"]
        self.assertIn("exit status 7", reason)
        self.assertIn("no such dataset: fashion", reason)
        self.assertIn(reason, self.sm2("trials").out)
        self.assertEqual(self.log(0), b"loading\nno such dataset: fashion\n")

    def test_a_crash_after_an_evaluation_is_a_failure_too(self) -> None:
        trial = self.fail_with("crash_after_evaluation", resource={"unit": "epoch", "max": 4})
        self.assertIn("exit status 3", trial["reason"])
        self.assertEqual((trial["evaluations"], trial["metric"]), (1, 0.5))

    def test_a_signal_is_named(self) -> None:
        self.assertIn("SIGSEGV", self.fail_with("killed")["reason"])

    def test_a_metric_that_is_not_finite_is_divergence(self) -> None:
        trial = self.fail_with("nan_metric")
        self.assertIn("diverged", trial["reason"])
        self.assertIn("accuracy is nan", trial["reason"])
        self.assertIsNone(trial["metric"])

    def test_a_printed_metric_that_is_not_finite_is_divergence(self) -> None:
        ended = self.tune(**printing("echo accuracy=nan"), strategy=ONE, space={"batch_size": {"values": [1]}})
        self.assertEqual(ended.status, 2, "every parameter must reach the program")
        self.tune(**printing("echo accuracy=nan {batch_size}"), strategy=ONE)
        self.assertIn("accuracy is nan", self.trials()[0]["reason"])

    def test_a_loss_that_is_never_finite_is_divergence(self) -> None:
        begun = time.monotonic()
        self.assertIn("the loss is not a finite number", self.fail_with("nan_loss")["reason"])
        self.assertLess(time.monotonic() - begun, 30)

    def test_silence_has_a_limit(self) -> None:
        reason = self.fail_with("hang", limits={"silence": "300 ms", "grace": "1 s"})["reason"]
        self.assertIn("silence", reason)

    def test_the_wall_has_a_limit(self) -> None:
        limits = {"wall": "500 ms", "silence": "20 s", "grace": "1 s"}
        self.assertIn("wall", self.fail_with("chatter", limits=limits)["reason"])

    def test_a_limit_holds_against_a_program_that_ignores_signals(self) -> None:
        # Long enough for Python to start on a busy machine, and to have the signal ignored.
        trial = self.fail_with("stubborn", limits={"silence": "3 s", "grace": "200 ms"})
        self.assertIn("silence", trial["reason"])
        self.assertIn("killed", trial["note"])

    def test_a_program_that_never_reports_is_told_so(self) -> None:
        self.assertIn("without ever reporting accuracy", self.fail_with("no_metric")["reason"])

    def test_a_pattern_that_never_matches_is_told_so(self) -> None:
        self.tune(**printing("echo precision=0.{batch_size}"), strategy=ONE)
        self.assertIn("without ever reporting accuracy", self.trials()[0]["reason"])

    def test_memory_is_told_from_other_failures(self) -> None:
        reason = self.fail_with("memory")["reason"]
        self.assertIn("out of memory", reason.lower())
        self.assertIn("CUDA", reason)
        self.assertEqual(self.events("exited")[-1]["outcome"], "out-of-memory")

    def test_larger_batches_are_not_tried_after_one_did_not_fit(self) -> None:
        resource = {"unit": "epoch", "max": 1}
        ended = self.tune(wrong("memory_if_large", "{batch_size}"), resource=resource, strategy={"name": "sm2"})
        self.assertEqual(ended.status, 0, ended)
        trials = {trial["params"]["batch_size"]: trial for trial in self.trials()}
        self.assertEqual(trials[32]["state"], "failed")
        self.assertEqual(trials[64]["state"], "stopped")
        self.assertIn("did not fit", trials[64]["reason"])
        self.assertEqual((trials[64]["evaluations"], trials[64]["joules"]), (0, 0))
        self.assertLess(self.json("best")["params"]["batch_size"], 32)

    def test_an_early_end_keeps_what_was_reached(self) -> None:
        ended = self.tune(wrong("early"), resource={"unit": "epoch", "max": 8}, strategy=ONE)
        self.assertEqual((ended.status, ended.err), (0, ""), ended)
        (trial,) = self.trials()
        self.assertEqual((trial["state"], trial["resource"], trial["metric"]), ("finished", 1, 0.5))


class StudyGoesOnTest(Sm2Test):
    def test_one_failure_does_not_end_a_study(self) -> None:
        program = printing("[ {batch_size} = 16 ] && exit 9; echo accuracy=0.{batch_size}")
        for name in ("random", "grid", "successive-halving", "sm2-classic", "sm2"):
            with self.subTest(strategy=name):
                self.afresh()
                ended = self.tune(**program, strategy={"name": name})
                self.assertEqual((ended.status, ended.err), (0, ""), ended)
                self.assertEqual(self.json("best")["params"], {"batch_size": 8})
                failed = [trial for trial in self.trials() if trial["state"] == "failed"]
                self.assertEqual([trial["params"] for trial in failed], [{"batch_size": 16}])
                self.assertIn("exit status 9", failed[0]["reason"])

    def test_when_all_fail_the_study_is_over(self) -> None:
        for _ in range(2):
            ended = self.tune(wrong("crash"))
            self.assert_one_line(ended, 1, "no trial was usable", "sm2 trials")
        self.assertEqual(len(self.trials()), 2)
        self.assertEqual(self.json("show")["state"], "finished")
        self.assert_one_line(self.sm2("best"), 1, "no usable trial", "sm2 trials")
        self.assertEqual(self.sm2("best", "--json").out, "")

    def test_tune_and_best_agree_when_the_last_candidate_fails(self) -> None:
        """The third start of a program crashes: that of the winner, when it is to be trained on."""
        shell = (
            'echo start >> "starts$SM2_TRIAL"; [ $(wc -l < "starts$SM2_TRIAL") -ge 3 ] && exit 9;'
            " for e in 1 2 3 4; do echo accuracy=0.{batch_size}$e; sleep 0.02; done"
        )
        resource = {"unit": "epoch", "min": 1, "max": 4}
        ended = self.tune(**printing(shell), resource=resource, strategy={"name": "successive-halving"})
        self.assertEqual(self.json("show")["state"], "finished")
        self.assertEqual(self.json("show")["trials"]["failed"], 1)
        self.assertEqual(self.sm2("best").status, ended.status)

    def test_what_a_failure_cost_is_known(self) -> None:
        self.tune(wrong("crash"))
        for trial in self.trials():
            self.assertGreater(trial["joules"], 0)
        joules = self.json("show")["joules"]
        self.assertEqual(joules["dropped"], joules["total"])


if __name__ == "__main__":
    unittest.main()
