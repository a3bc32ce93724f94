import random
import unittest

from sm2 import toml

try:
    import tomllib
except ImportError:  # before Python 3.11
    tomllib = None  # type: ignore[assignment]


class TomlTest(unittest.TestCase):
    @unittest.skipIf(tomllib is None, "this Python reads no TOML")
    def test_is_read_back_as_it_was(self) -> None:
        source = random.Random(1)
        hostile = ['"', "\\", "\n", '"""', "'", "\x00", "\x7f", "\x1b[31m", "\u2028", "\U0001f600", "a = 1\n[b]", "{lr}", "#", ""]
        hostile += ["".join(chr(source.choice([*range(128), 0x85, 0xFFFF, 0x10FFFF])) for _ in range(20)) for _ in range(200)]
        tables = {
            "texts": {text: text for text in hostile},
            "numbers": {"a": [1e-300, 0.1, -0.0, 1e22, 1e16, 5e-324], "b": [0, -(2**63), 2**63 - 1]},
            "others": {"list": [True, False, ["x", 1]], "table": {"a b": {"c": [1.5]}, "d": "e"}},
        }
        self.assertEqual(tomllib.loads(toml.document(tables)), tables)

    def test_leaves_out_what_is_none(self) -> None:
        self.assertEqual(toml.document({"a": {"b": None, "c": {"d": None, "e": 1}}}), "[a]\nc = { e = 1 }\n")

    def test_refuses_what_toml_cannot_hold(self) -> None:
        for value in (float("nan"), float("inf"), 2**63, "\ud800"):
            self.assertRaises(ValueError, toml.document, {"a": {"b": value}})
        for value in (object(), b"", {1, 2}):
            self.assertRaises(TypeError, toml.document, {"a": {"b": value}})


if __name__ == "__main__":
    unittest.main()
