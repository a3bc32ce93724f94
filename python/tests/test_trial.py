import math
import os
import time
import unittest
from typing import Any

import sm2

from .fake_tuner import HELLO, FakeTuner


class FakeScalar:
    """A number of another library, as a one-element tensor is."""

    def __float__(self) -> float:
        return 1.5


class AloneTest(unittest.TestCase):
    def test_does_nothing(self) -> None:
        with sm2.trial(steps_per_unit=468) as t:
            self.assertFalse(t.active)
            self.assertIsNone(t.number)
            self.assertIsNone(t.resume)
            self.assertIsNone(t.checkpoint_dir)
            self.assertEqual((t.start, t.until), (0, math.inf))
            self.assertEqual(t.params, {})
            self.assertEqual(t.lr(10, 0.3), 0.3)
            t.report(step=1, samples=64, epoch=0.1, loss=math.nan)
            t.checkpoint("epoch-1", 1)
            self.assertEqual(t.evaluate(1, val_accuracy=0.5), "continue")
            self.assertFalse(t.should_stop)

    def test_takes_parameters_from_the_environment(self) -> None:
        self.addCleanup(os.environ.pop, "SM2_PARAMS")
        os.environ["SM2_PARAMS"] = '{"batch_size": 128}'
        self.assertEqual(sm2.trial().params, {"batch_size": 128})
        self.assertEqual(sm2.param("batch_size", 64), 128)
        self.assertEqual(sm2.param("momentum", 0.9), 0.9)
        os.environ["SM2_PARAMS"] = "batch_size=128"
        self.assertRaises(sm2.JoinError, sm2.trial)


    def test_takes_its_learning_rate_from_the_parameters_or_says_what_is_wanting(self) -> None:
        with self.assertRaisesRegex(ValueError, "otherwise="):
            sm2.trial().lr(0)
        self.addCleanup(os.environ.pop, "SM2_PARAMS")
        os.environ["SM2_PARAMS"] = '{"learning_rate": 1}'
        self.assertEqual(sm2.trial().lr(0), 1.0)
        self.assertEqual(sm2.trial().lr(0, otherwise=0.5), 0.5)


class JoinTest(unittest.TestCase):
    def test_a_process_has_one_trial_while_it_is_open(self) -> None:
        with FakeTuner(HELLO, ['{"action": "pause"}']) as tuner, sm2.trial() as t:
            self.assertIs(sm2.trial(), t)
            t.evaluate(1, val_accuracy=0.5)
            self.assertEqual((sm2.trial().action, sm2.trial().evaluations), ("pause", 1))
            self.assertEqual(len([message for message in tuner.messages if "hello" in message]), 1)
        with FakeTuner(HELLO), sm2.trial() as other:
            self.assertIsNot(other, t)

    def test_says_hello_and_takes_the_answer(self) -> None:
        with FakeTuner(HELLO) as tuner, sm2.trial(steps_per_unit=468) as t:
            said = tuner.heard(1)
            self.assertIn("log-triangular", said.pop("schedules"))
            self.assertEqual(said, {"hello": 1, "client": "python/1.0", "steps_per_unit": 468})
            self.assertTrue(t.active)
            self.assertEqual(t.number, 7)
            self.assertEqual(t.params["optimizer"], "sgd")
            self.assertEqual(t.resume, os.path.join(tuner.folder, "epoch-1"))
            self.assertEqual(t.checkpoint_dir, tuner.folder)
            self.assertEqual((t.start, t.until, t.unit), (1, 4, "epoch"))
            self.assertAlmostEqual(t.lr(200, 0.5), 0.05)
            self.assertEqual(t.action, "continue")

    def test_takes_nulls_as_absent(self) -> None:
        hello = {"trial": 1, "params": {}, "resume": None, "until": None, "learning_rate": None}
        with FakeTuner(hello), sm2.trial() as t:
            self.assertIsNone(t.resume)
            self.assertEqual(t.until, math.inf)
            self.assertEqual(t.lr(200, 0.5), 0.5)

    def test_names_a_tuner_that_is_not_there_or_refuses(self) -> None:
        with FakeTuner(None):
            self.assertRaises(sm2.JoinError, sm2.trial)
        self.addCleanup(os.environ.pop, "SM2_SOCKET")
        for path in ("/nonexistent/tuner", "x" * 200):
            os.environ["SM2_SOCKET"] = path
            self.assertRaises(sm2.JoinError, sm2.trial)


class ReportTest(unittest.TestCase):
    def test_writes_one_line_a_step(self) -> None:
        with FakeTuner(HELLO) as tuner, sm2.trial() as t:
            loss: Any = FakeScalar()
            t.report(step=128, samples=8192, epoch=0.13, loss=loss, learning_rate=None)
            self.assertEqual(tuner.heard(2), {"step": 128, "samples": 8192, "epoch": 0.13, "loss": 1.5})

    def test_writes_numbers_that_are_not_finite_as_text(self) -> None:
        with FakeTuner(HELLO, ['{"action": "stop"}']) as tuner, sm2.trial() as t:
            t.report(step=1, samples=64, loss=math.nan, learning_rate=-math.inf)
            self.assertEqual(tuner.heard(2), {"step": 1, "samples": 64, "loss": "nan", "learning_rate": "-inf"})
            self.assertEqual(t.evaluate(1, val_accuracy=math.nan, val_loss=math.inf), "stop")
            self.assertEqual(tuner.heard(3), {"epoch": 1, "val_accuracy": "nan", "val_loss": "inf"})

    def test_leaves_reports_out_rather_than_wait(self) -> None:
        with FakeTuner(HELLO, ['{"action": "continue"}']) as tuner, sm2.trial() as t:
            with tuner.hearing:
                for step in range(20000):
                    t.report(step=step, samples=64, epoch=0.5, loss=1.0, learning_rate=0.1)
            self.assertEqual(t.evaluate(1, val_accuracy=0.5), "continue")
            self.assertLess(len(tuner.messages), 20000)
            self.assertEqual(tuner.messages[-1]["val_accuracy"], 0.5)


class ActionTest(unittest.TestCase):
    def report_until(self, t: sm2.Trial, action: str) -> None:
        for step in range(10000):
            if t.action == action:
                return
            t.report(step=step, samples=step)
            time.sleep(0.001)
        self.fail(f"{action} was not seen")

    def test_answers_an_evaluation(self) -> None:
        answers = ['{"action": "continue"}', 'not JSON\n{"note": 1}\n{"action": "pause"}']
        with FakeTuner(HELLO, answers) as tuner, sm2.trial() as t:
            self.assertEqual(t.evaluate(1, val_accuracy=0.83, val_loss=0.52), "continue")
            self.assertEqual(tuner.heard(2), {"epoch": 1, "val_accuracy": 0.83, "val_loss": 0.52})
            self.assertFalse(t.should_stop)
            self.assertEqual(t.evaluate(2, val_accuracy=0.85), "pause")
            self.assertTrue(t.should_stop)

    def test_is_seen_unasked_and_stays(self) -> None:
        with FakeTuner(HELLO, ['{"action": "continue"}']) as tuner, sm2.trial() as t:
            tuner.say('{"action": "pause"}')
            self.report_until(t, "pause")
            self.assertEqual(t.evaluate(1, val_accuracy=0.5), "pause")
            tuner.say('{"action": "stop"}')
            self.report_until(t, "stop")

    def test_is_stop_when_the_tuner_is_gone(self) -> None:
        with FakeTuner(HELLO), sm2.trial() as t:
            self.assertEqual(t.evaluate(1, val_accuracy=0.5), "stop")
            t.checkpoint("epoch-1")
            t.report(step=1, samples=64)
            self.assertEqual(t.evaluate(2, val_accuracy=0.5), "stop")
        with FakeTuner(HELLO) as tuner, sm2.trial() as t:
            tuner.hang_up()
            self.report_until(t, "stop")


class CheckpointTest(unittest.TestCase):
    def test_is_announced_under_a_single_name(self) -> None:
        with FakeTuner(HELLO) as tuner, sm2.trial() as t:
            t.checkpoint("epoch-1", 1)
            t.checkpoint("latest")
            self.assertEqual(tuner.heard(2), {"checkpoint": "epoch-1", "epoch": 1})
            self.assertEqual(tuner.heard(3), {"checkpoint": "latest"})
            for name in ("", ".", "..", "a/b", "/etc"):
                self.assertRaises(ValueError, t.checkpoint, name)


if __name__ == "__main__":
    unittest.main()
