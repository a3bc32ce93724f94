import unittest

import sm2
from sm2.space import checked


class SpaceTest(unittest.TestCase):
    def test_has_the_keys_of_a_study_file(self) -> None:
        space = {
            "batch_size": sm2.choice([16, 32]),
            "optimizer": ["sgd", "adam"],
            "learning_rate": sm2.log_uniform(1e-4, 1),
            "momentum": sm2.uniform(0, 1, step=0.25, when={"optimizer": "sgd"}),
            "width": sm2.integers(1, 64, log=True, when={"optimizer": ("sgd", "adam")}),
        }
        self.assertEqual(
            checked(space),
            {
                "batch_size": {"values": [16, 32]},
                "optimizer": {"values": ["sgd", "adam"]},
                "learning_rate": {"low": 1e-4, "high": 1.0, "scale": "log"},
                "momentum": {"low": 0.0, "high": 1.0, "scale": "linear", "step": 0.25, "when": {"optimizer": "sgd"}},
                "width": {"low": 1, "high": 64, "step": 1, "scale": "log", "when": {"optimizer": ["sgd", "adam"]}},
            },
        )

    def test_writes_reals_as_reals(self) -> None:
        self.assertIsInstance(sm2.uniform(1, 8).keys["low"], float)

    def test_true_is_not_one(self) -> None:
        self.assertEqual(sm2.choice([True, 1]).keys["values"], [True, 1])

    def test_says_what_would_be_right(self) -> None:
        wrong = [
            (lambda: sm2.choice("abc"), "list of values"),
            (lambda: sm2.choice([]), "at least one"),
            (lambda: sm2.choice([1, 2, 1]), "1 is there twice"),
            (lambda: sm2.choice([None]), "texts, numbers and booleans"),
            (lambda: sm2.choice([float("nan")]), "finite"),
            (lambda: sm2.uniform(1, 1), "1.0 is not below 1.0"),
            (lambda: sm2.uniform(0, float("inf")), "finite"),
            (lambda: sm2.uniform("0", 1), "its low is '0'"),
            (lambda: sm2.uniform(0, 1, step=2), "at most high - low"),
            (lambda: sm2.log_uniform(0, 1), "above 0"),
            (lambda: sm2.integers(1, 2.5), "whole numbers"),
            (lambda: sm2.integers(0, 8, log=True), "1 or more"),
            (lambda: sm2.integers(0, 8, step=0), "step"),
            (lambda: sm2.uniform(0, 1, when={"a": 1, "b": 2}), "exactly one parent"),
            (lambda: checked({}), "dictionary"),
            (lambda: checked({"a b": [1]}), "unlike 'a b'"),
            (lambda: checked({".a": [1]}), "unlike '.a'"),
            (lambda: checked({"a": 3}), "sm2.choice"),
            (lambda: checked({"a": sm2.choice([1], when={"b": 1})}), "'b', which is no parameter"),
            (lambda: checked({"a": sm2.choice([1], when={"b": 2}), "b": [1]}), "b is never 2"),
            (lambda: checked({"a": sm2.choice([1], when={"b": True}), "b": [1]}), "b is never True"),
            (lambda: checked({"a": sm2.choice([1], when={"b": 9}), "b": sm2.integers(1, 8)}), "b is never 9"),
            (lambda: checked({"a": sm2.choice([1], when={"b": 1}), "b": sm2.choice([1], when={"a": 1})}), "on itself"),
        ]
        for make, part in wrong:
            with self.subTest(part=part), self.assertRaisesRegex((TypeError, ValueError), part):
                make()


if __name__ == "__main__":
    unittest.main()
