"""sm2 init: the file it writes is a study once it is edited."""

import json
import sys
import unittest

from sm2_binary import TRAINERS, Sm2Test


class InitTest(Sm2Test):
    def test_writes_a_file_that_tune_accepts_after_editing(self) -> None:
        ended = self.sm2("init")
        self.assertEqual((ended.status, ended.err), (0, ""))
        self.assertIn("sm2 tune study.toml", ended.out)
        file = self.folder / "study.toml"
        program = json.dumps([sys.executable, str(TRAINERS / "learner.py"), "--batch-size={batch_size}"])
        edits = {
            '["./train", "--batch-size={batch_size}", "--lr={learning_rate}"]': program,
            '"val_accuracy"': '"accuracy"',
            "max = 16": "max = 2",
        }
        text = file.read_text()
        for old, new in edits.items():
            self.assertIn(old, text)
            text = text.replace(old, new)
        file.write_text(text)
        ended = self.sm2("tune", "study.toml")
        self.assertEqual((ended.status, ended.err), (0, ""), ended)
        self.assertEqual(self.json("show")["study"], "my-study")

    def test_takes_the_name_of_a_file(self) -> None:
        self.assertEqual(self.sm2("init", "mine.toml").status, 0)
        self.assertEqual([path.name for path in self.folder.iterdir()], ["mine.toml"])

    def test_never_overwrites(self) -> None:
        (self.folder / "study.toml").write_text("precious")
        self.assert_one_line(self.sm2("init"), 2, "study.toml", "exists already", "name another file")
        self.assertEqual((self.folder / "study.toml").read_text(), "precious")

    def test_says_where_it_cannot_write(self) -> None:
        self.assert_one_line(self.sm2("init", "missing/study.toml"), 2, "missing/study.toml", "No such file")


if __name__ == "__main__":
    unittest.main()
