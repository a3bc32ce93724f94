"""What programs print: kept within bounds, and never let loose on a terminal."""

import os
import pty
import subprocess
import unittest

from sm2_binary import BINARY, PATIENCE, Sm2Test, printing, text, wrong

ONE = {"name": "random", "candidates": 1}
READING = (["list"], ["show"], ["trials"], ["best"])


class LogTest(Sm2Test):
    def test_is_bounded_and_keeps_both_ends(self) -> None:
        self.assertEqual(self.tune(wrong("flood"), strategy=ONE, limits={"log": "64 KiB"}).status, 0)
        log = self.log(0)
        self.assertLess(len(log), 66 * 1024)
        self.assertTrue(log.startswith(b"first line\n"))
        self.assertTrue(log.endswith(b"last line\n"))
        self.assertIn(b"bytes left out", log)
        self.assertIn("bytes of output left out", self.trials()[0]["note"])

    def test_a_line_may_never_end(self) -> None:
        program = wrong("flood_without_newline")
        self.assertEqual(self.tune(program, strategy=ONE, limits={"log": "64 KiB"}).status, 0)
        self.assertLess(len(self.log(0)), 66 * 1024)

    def test_a_pattern_survives_a_line_that_never_ends(self) -> None:
        shell = "echo accuracy=0.{batch_size}; head -c 20000000 /dev/zero | tr '\\0' x"
        self.assertEqual(self.tune(**printing(shell), strategy=ONE).status, 0)
        self.assertEqual(self.trials()[0]["evaluations"], 1)

    def test_the_last_line_needs_no_newline(self) -> None:
        self.assertEqual(self.tune(**printing("printf accuracy=0.{batch_size}"), strategy=ONE).status, 0)
        trial = self.trials()[0]
        self.assertEqual(trial["metric"], float(f"0.{trial['params']['batch_size']}"))

    def test_standard_error_is_read_too(self) -> None:
        self.assertEqual(self.tune(**printing("echo accuracy=0.{batch_size} >&2"), strategy=ONE).status, 0)
        self.assertEqual(self.trials()[0]["evaluations"], 1)

    def test_carriage_returns_separate_lines(self) -> None:
        shell = "printf 'accuracy=0.1\\raccuracy=0.{batch_size}\\r\\n'"
        ended = self.tune(**printing(shell), strategy=ONE, resource={"unit": "epoch", "max": 2})
        self.assertEqual(ended.status, 0, ended)
        self.assertEqual(self.trials()[0]["evaluations"], 2)


class TerminalTest(Sm2Test):
    def assert_all_safe(self) -> None:
        for words in READING:
            self.assert_for_a_terminal(self.sm2(*words).out)
            self.assert_for_a_terminal(self.sm2(*words).err)
            shown = self.sm2(*words, "--json").out
            self.assert_for_a_terminal(shown)
            self.assertTrue(shown.isascii())

    def test_output_of_programs_is_made_safe(self) -> None:
        ended = self.tune(wrong("escapes"))
        self.assertEqual(ended.status, 1)
        self.assert_for_a_terminal(ended.out)
        self.assert_for_a_terminal(ended.err)
        self.assert_all_safe()
        self.assertIn("end", self.trials()[0]["reason"])
        self.assertIn(b"\x1b[31mred", self.log(0), "the log keeps what was printed")

    def test_names_of_metrics_are_made_safe(self) -> None:
        ended = self.tune(wrong("escaping_names"))
        self.assertEqual((ended.status, ended.err), (0, ""), ended)
        self.assert_for_a_terminal(ended.out)
        self.assert_all_safe()

    def test_values_of_parameters_are_made_safe(self) -> None:
        space = {"text": {"values": ["\x1b[31mred", "two\nlines", "\x07"]}}
        self.write_study(
            ["/bin/sh", "-c", "echo accuracy=0.5", "sh", "{text}"],
            pattern="accuracy=(?P<accuracy>[0-9.]+)",
            space=space,
            strategy={"name": "grid"},
        )
        ended = self.sm2("tune", "study.toml")
        self.assertEqual((ended.status, ended.err), (0, ""), ended)
        self.assert_for_a_terminal(ended.out)
        self.assert_all_safe()

    def test_words_of_the_user_are_made_safe(self) -> None:
        self.assertEqual(self.tune(wrong("early")).status, 0)
        for words in (["show", "\x1b[31m"], ["tune", "\x1b[31m"], ["\x1b[31m"], ["list", "--\x1b[31m"]):
            with self.subTest(words=words):
                self.assert_for_a_terminal(self.sm2(*words).err)

    def test_on_a_terminal_only_own_escapes_are_printed(self) -> None:
        self.write_study(wrong("escapes"))
        main, side = pty.openpty()
        try:
            sm2 = subprocess.Popen(
                [BINARY, "tune", "study.toml"],
                cwd=self.folder,
                env={**self.environment, "TERM": "xterm"},
                stdin=subprocess.DEVNULL,
                stdout=side,
                stderr=subprocess.DEVNULL,
            )
            os.close(side)
            shown = self.read_all(main)
            self.assertEqual(sm2.wait(PATIENCE), 1)
        finally:
            os.close(main)
        self.assertRegex(shown, r"\r\x1b\[\dA", "what stands is drawn anew in place")
        self.assertNotIn("\x1b]0;", shown)
        self.assertNotIn("\x07", shown)
        self.assertNotIn("\x1b[31mred", shown)

    def read_all(self, descriptor: int) -> str:
        all_bytes = b""
        while True:
            try:
                got = os.read(descriptor, 65536)
            except OSError:  # the other side is closed
                return text(all_bytes)
            all_bytes += got


if __name__ == "__main__":
    unittest.main()
