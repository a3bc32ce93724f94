"""What comes from outside and is wrong, damaged or merely unusual: stores, checkpoints, names, paths, locales, huge files.

Whatever it is, sm2 ends by itself, says what is wrong in one line without control characters, and spoils nothing.
"""

import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import unittest
from pathlib import Path

from sm2_binary import BINARY, TRAINERS, Ended, Sm2Test, learner, printing, study_text, text, until

READING = (["list"], ["show"], ["trials"], ["best"], ["report", "-o", "/dev/null"], ["export", "-o", "/dev/null"])
NASTY = "a b'c\"d\n\x1b[31m\udcff\u202ee"  # blanks, quotes, a newline, an escape, a byte that is not UTF-8, right to left
MEMORY = 400 << 10  # KiB of sm2 at most, whatever it is given


class BadInputTest(Sm2Test):
    def assert_told(self, ended: Ended, *statuses: int) -> None:
        """It ended by itself, with one of these statuses, and if with 2 after one line that is no surprise to sm2."""
        self.assertIn(ended.status, statuses, ended)
        self.assert_for_a_terminal(ended.err)
        self.assert_for_a_terminal(ended.out)
        if ended.status == 2:
            self.assertEqual(len(ended.err.splitlines()), 1, ended)
            self.assertNotIn("--help", ended.err, "nothing but bad usage asks for help")


class DamagedStoreTest(BadInputTest):
    def setUp(self) -> None:
        super().setUp()
        program = printing("echo accuracy=0.{batch_size}")
        self.assertEqual(self.tune(**program).status, 0)
        self.good = (self.folder / "sm2.db").read_bytes()

    def assert_told_of(self, store: bytes) -> None:
        """Reading a store changes nothing of it, and tuning on it leaves no other than a good one."""
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.folder}/sm2.db{suffix}").unlink(missing_ok=True)
        (self.folder / "sm2.db").write_bytes(store)
        for words in (["list"], ["show", "s"], ["trials", "s", "--json"]):
            self.assert_told(self.sm2(*words), 0, 1, 2)
        self.assertEqual((self.folder / "sm2.db").read_bytes(), store, "reading changed the store")
        self.assert_told(self.sm2("tune", "study.toml"), 0, 1, 2, 3)

    def test_cut_short_anywhere(self) -> None:
        size = len(self.good)
        for end in sorted({1, 16, 99, 100, 512, 4095, *range(0, size, size // 6), size - 1}):
            with self.subTest(bytes=end):
                self.assert_told_of(self.good[:end])

    def test_with_flipped_bits(self) -> None:
        draw = random.Random(1)
        for _ in range(20):
            at, bit = draw.randrange(len(self.good)), draw.randrange(8)
            with self.subTest(byte=at, bit=bit):
                damaged = bytearray(self.good)
                damaged[at] ^= 1 << bit
                self.assert_told_of(bytes(damaged))

    def test_with_bodies_that_are_changed(self) -> None:
        """Events that can be read, and say what cannot have been."""
        changes = (
            ("evaluated", '{"trial":0,"resource":1,"metrics":{},"energy":[],"seconds":1,"progress":{}}'),
            ("decided", '{"decision":"train","trial":0,"params":{},"rung":0,"until":1}'),
            ("decided", '{"decision":"finish","winner":77,"reason":"x"}'),
            ("closed", '{"state":"interrupted","reason":"x","winner":77}'),
            ("exited", '{"trial":99,"outcome":"paused","reached":1,"energy":[],"progress":{}}'),
            ("created", '{"file":"not a study file \\u001b[31m"}'),
            ("created", '{"file":"x","experience":' + "[" * 100_000 + "]" * 100_000 + "}"),
            ("opened", '{"version":"\\u001b[31m","host":"h","process":1e30,"sources":[]}'),
            ("metered", '{"trial":-1,"energy":[],"seconds":"nan"}'),
        )
        for kind, body in changes:
            with self.subTest(kind=kind, body=body[:80]):
                changed = self.folder / "changed.db"
                changed.write_bytes(self.good)
                database = sqlite3.connect(changed)
                seq = "SELECT min(seq) FROM events WHERE kind = ?"
                database.execute(f"UPDATE events SET body = ? WHERE seq = ({seq})", (body, kind))
                # The last word of the tuner is taken back, so that it goes on.
                database.execute("UPDATE events SET body = replace(body, 'finished', 'interrupted') WHERE kind = 'closed'")
                database.commit()
                database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                database.close()
                self.assert_told_of(changed.read_bytes())

    def test_an_empty_file_a_folder_and_what_another_program_made(self) -> None:
        (self.folder / "empty").touch()
        (self.folder / "folder").mkdir()
        for name, statement in (("other", "CREATE TABLE t (a)"), ("newer", "")):
            database = sqlite3.connect(self.folder / name)
            if name == "newer":
                database.close()
                (self.folder / name).write_bytes(self.good)
                database = sqlite3.connect(self.folder / name)
                statement = "PRAGMA user_version = 99"
            database.execute(statement)
            database.commit()
            database.close()
        for name in ("empty", "folder", "other", "newer"):
            place = self.folder / name
            before = place.read_bytes() if place.is_file() else None
            for words in (["list"], ["show"], ["tune", "study.toml"]):
                if (name, words[0]) == ("empty", "tune"):
                    continue  # it becomes a store
                with self.subTest(store=name, words=words):
                    self.assert_one_line(self.sm2(*words, "--store", name), 2, f"sm2 {words[0]}: ", name)
            if before is not None:
                self.assertEqual(place.read_bytes(), before, f"{name} was changed")

    def test_without_the_log_that_belongs_to_it(self) -> None:
        """A store whose -wal was lost after a crash is an older one, or none; it is never read wrongly."""
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.folder}/sm2.db{suffix}").unlink(missing_ok=True)
        shutil.rmtree(self.folder / "sm2.trials")
        self.write_study(learner("--epoch-seconds=0.05"), resource={"unit": "epoch", "max": 200})
        running = self.start("tune", "study.toml")
        running.wait_for("accuracy")
        running.kill()
        for suffix in ("-wal", "-shm"):
            Path(f"{self.folder}/sm2.db{suffix}").unlink()
        self.assert_told(self.sm2("list"), 0, 2)
        self.write_study(learner(), resource={"unit": "epoch", "max": 2})
        self.assert_told(self.sm2("tune", "study.toml"), 0, 2)

    def test_names_that_sqlite_takes_for_its_own(self) -> None:
        self.assert_one_line(self.sm2("tune", "study.toml", "--store", ""), 2, "store")
        self.assert_told(self.sm2("tune", "study.toml", "--store", ":memory:"), 0, 2)
        self.assert_told(self.sm2("list", "--store", ":memory:"), 0, 2)


class CheckpointTest(BadInputTest):
    def interrupted(self) -> list[Path]:
        """The checkpoints of a study that was left in the middle."""
        self.write_study(
            learner("--epoch-seconds=0.1", "--epochs=1000"),
            resource={"unit": "epoch", "max": 1000},
            strategy={"name": "random", "candidates": 1},
        )
        running = self.start("tune", "study.toml")
        until(self.saved, "a checkpoint")
        running.press_ctrl_c()
        self.assertEqual(running.end().status, 130)
        return self.saved()

    def saved(self) -> list[Path]:
        return list(self.folder.glob("sm2.trials/s/*/checkpoints/epoch-*[0-9]"))

    def assert_failed(self, *said: str) -> None:
        """The trial is the program's to judge: it fails with what the program said last, and the study ends in order."""
        ended = self.sm2("tune", "study.toml")
        self.assertEqual(ended.status, 1, ended)
        (trial,) = self.trials()
        self.assertEqual(trial["state"], "failed")
        for part in said:
            self.assertIn(part, trial["reason"])

    def test_half_written_is_a_failed_trial(self) -> None:
        for checkpoint in self.interrupted():
            checkpoint.write_bytes(b"")
        self.assert_failed("exit status 1", "ValueError")

    def test_gone_is_a_failed_trial(self) -> None:
        for checkpoint in self.interrupted():
            checkpoint.unlink()
        self.assert_failed("exit status 1", "FileNotFoundError")


class LocaleTest(BadInputTest):
    def use_german(self) -> None:
        """Numbers are written 0,5 by every program that asks the locale. The package `locales` has the sources."""
        folder = self._place / "locales"
        folder.mkdir()
        # Its status is 1 after a mere warning.
        subprocess.run(
            ["localedef", "-i", "de_DE", "-f", "UTF-8", str(folder / "de_DE.UTF-8")], capture_output=True, check=False
        )
        self.environment |= {"LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8", "LOCPATH": str(folder)}
        shown = [sys.executable, "-c", "import locale; locale.setlocale(locale.LC_ALL, ''); print(locale.str(0.5))"]
        asked = subprocess.run(shown, env=self.environment, capture_output=True, text=True, check=True)
        self.assertEqual(asked.stdout, "0,5\n", "the test needs a locale with decimal commas")

    def test_decimal_commas_change_nothing(self) -> None:
        program = (
            "import locale, runpy, sys; locale.setlocale(locale.LC_ALL, '');"
            "del sys.argv[0]; runpy.run_path(sys.argv[0], run_name='__main__')"
        )
        command = [sys.executable, "-c", program, str(TRAINERS / "learner.py"), "--batch-size={batch_size}"]
        space = {"batch_size": {"values": [8, 16, 32]}, "learning_rate": {"low": 0.001, "high": 0.5, "scale": "log"}}
        found = []
        for german in (False, True):
            self.afresh()
            if german:
                self.use_german()
            ended = self.tune(command, space=space, strategy={"name": "random", "candidates": 3}, budget={"energy": "0.5 kWh"})
            self.assertEqual((ended.status, ended.err), (0, ""), ended)
            found.append([(trial["params"], trial["metric"]) for trial in self.trials()])
            self.assertIsInstance(self.json("best")["joules"], float)
            self.assertNotRegex(self.sm2("show").out, r"\d,\d")
            self.assertEqual(self.sm2("report", "-o", "report.html").status, 0)
            measured = json.loads(self.sm2("measure", "--json", "--", "true").out)
            self.assertIsInstance(measured["seconds"], float)
        self.assertEqual(found[0], found[1])


class NamesTest(BadInputTest):
    def test_paths_may_be_called_anything(self) -> None:
        folder = self.folder / NASTY
        folder.mkdir()
        program = folder / f"train{NASTY}"
        program.write_text("#!/bin/sh\npwd\necho accuracy=0.$1\n")
        program.chmod(0o755)
        # In TOML, which is UTF-8, the file cannot be named by a byte that is not: it is found in the folder.
        link = folder / "train it\n'\"\x1b[31m"
        link.symlink_to(program.name)
        study = folder / f"study{NASTY}.toml"
        study.write_text(study_text([f"./{link.name}", "{batch_size}"], pattern="accuracy=(?P<accuracy>[0-9.]+)"))
        self.folder = folder
        store = f"store{NASTY}.db"
        ended = self.sm2("tune", study.name, "--store", store)
        self.assertEqual((ended.status, ended.err), (0, ""), ended)
        self.assert_for_a_terminal(ended.out)
        for words in READING:
            with self.subTest(words=words):
                ended = self.sm2(words[0], "--store", store, *words[1:])
                self.assertEqual((ended.status, ended.err), (0, ""), ended)
                self.assert_for_a_terminal(ended.out)
        # In messages they are shown, and nothing more.
        for words in (["tune", f"no{NASTY}"], ["show", f"no{NASTY}", "--store", store], ["list", "--store", f"no{NASTY}"]):
            ended = self.sm2(*words)
            self.assert_one_line(ended, 2, "\\x1b[31m\\xff\\u202ee")
            self.assert_for_a_terminal(ended.err)

    def test_an_interrupted_study_says_how_to_go_on_without_escapes(self) -> None:
        name = "study\x1b[31m\n.toml"
        self.write_study(learner("--epoch-seconds=0.1"), file=name, resource={"unit": "epoch", "max": 500})
        running = self.start("tune", name)
        running.wait_for("accuracy")
        running.press_ctrl_c()
        ended = running.end()
        self.assertEqual(ended.status, 130, ended)
        self.assertIn("nothing is lost", ended.out)
        self.assert_for_a_terminal(ended.out)

    def test_metrics_and_units_may_be_called_anything(self) -> None:
        code = (
            "import json, os, socket\n"
            "s = socket.socket(socket.AF_UNIX); s.connect(os.environ['SM2_SOCKET']); f = s.makefile('rw')\n"
            "f.write('{\"hello\":1}\\n'); f.flush(); hello = json.loads(f.readline())\n"
            "f.write(json.dumps({NAME: 0.5, hello['unit']: 1}) + '\\n'); f.flush(); f.readline()\n"
        )
        names = ("größe ±", "\u202eabc\u2066", "\x1b[31mred\x1b[0m", "two\nlines\ttabs", "x" * 5000, "🙂" * 40, "a{b}c", "'\"<b>&amp;")
        for name in names:
            with self.subTest(name=name[:20]):
                self.afresh()
                (self.folder / "train.py").write_text(code.replace("NAME", repr(name)), encoding="utf-8")
                ended = self.tune(
                    [sys.executable, "train.py"],
                    metric={"name": name, "goal": "maximize"},
                    resource={"unit": f"unit {name}", "max": 1},
                )
                self.assertEqual((ended.status, ended.err), (0, ""), ended)
                self.assert_for_a_terminal(ended.out)
                for words in READING[:4]:
                    self.assert_for_a_terminal(self.sm2(*words).out)
                self.assertEqual(self.json("best")["metric"], 0.5)
                self.assertEqual(self.sm2("report", "-o", "page.html").status, 0)
                page = (self.folder / "page.html").read_text(encoding="utf-8")
                self.assertNotIn("\x1b", page)
                self.assertNotIn("<b>&amp;", page)

    def test_names_of_studies_and_parameters_are_plain(self) -> None:
        for name in ("", "a/b", "..", "größe", "a b", "x" * 101, "\x1b[31m", "\u202e", "a\nb"):
            for keys in ({"name": name}, {"space": {"batch_size": {"values": [1]}, f'"{self.escaped(name)}"': {"values": [1, 2]}}}):
                with self.subTest(keys=keys):
                    self.write_study(learner(), **keys)
                    ended = self.sm2("tune", "study.toml")
                    self.assert_one_line(ended, 2, "study.toml:", "letters, digits")
                    self.assert_for_a_terminal(ended.err)

    @staticmethod
    def escaped(name: str) -> str:
        return name.encode("unicode_escape").decode().replace("\\x", "\\u00")

    def test_a_text_with_a_nul_is_refused(self) -> None:
        """A program would be given what stands before it, and no more."""
        nul = {
            "study.command": {"command": ["./train", "a\0b"]},
            "study.directory": {"command": ["true"], "directory": "a\0b"},
            "space.x": {"command": ["true", "{x}"], "space": {"x": {"values": ["a\0b", "c"]}}},
        }
        for key, keys in nul.items():
            with self.subTest(key=key):
                directory = keys.pop("directory", None)
                self.write_study(**keys)
                if directory:
                    study = self.folder / "study.toml"
                    study.write_text(study.read_text().replace("[study]", '[study]\ndirectory = "a\\u0000b"'))
                self.assert_one_line(self.sm2("tune", "study.toml"), 2, f"study.toml:", f"{key}", "NUL")


class EncodingTest(BadInputTest):
    def test_marks_and_carriage_returns_are_no_mistakes(self) -> None:
        program = printing("echo accuracy=0.{batch_size}")
        written = study_text(**program).replace("\n", "\r\n")
        (self.folder / "study.toml").write_bytes(b"\xef\xbb\xbf" + written.encode())
        ended = self.sm2("tune", "study.toml")
        self.assertEqual((ended.status, ended.err), (0, ""), ended)
        (self.folder / "table.csv").write_bytes(
            b"\xef\xbb\xbfx,seed,resource,metric,joules,seconds\r\n1,1,1,0.5,10,1\r\n2,1,1,0.6,9,1\r\n"
        )
        self.assertEqual(self.sm2("compare", "table:table.csv", "--strategies", "grid", "--seeds", "1").status, 0)

    def test_other_encodings_are_told(self) -> None:
        written = study_text(**printing("echo ä"))
        for encoding in ("utf-16", "utf-32", "latin-1"):
            with self.subTest(encoding=encoding):
                (self.folder / "study.toml").write_bytes(written.replace('\\u00e4', 'ä').encode(encoding))
                ended = self.sm2("tune", "study.toml")
                self.assert_one_line(ended, 2, "sm2 tune: study.toml:", "not valid TOML")
                self.assert_for_a_terminal(ended.err)


class HugeTest(BadInputTest):
    def peak(self, *words: str) -> tuple[Ended, int]:
        """What it said, and the most memory that it held, in KiB."""
        with subprocess.Popen(
            [BINARY, *words], cwd=self.folder, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            assert process.stdout and process.stderr
            errors, shown = process.stderr.read(), process.stdout.read()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        return Ended(process.returncode, text(shown), text(errors)), usage.ru_maxrss

    def assert_refused(self, *words: str) -> None:
        ended, kilobytes = self.peak(*words)
        self.assert_one_line(ended, 2, f"sm2 {words[0]}: ")
        self.assertLess(len(ended.err), 3000, "a message is for reading")
        self.assertLess(kilobytes, MEMORY)

    def test_a_hundred_megabytes_of_one_line(self) -> None:
        self.write_study(learner())
        (self.folder / "letters").write_bytes(b"x" * 100_000_000)
        (self.folder / "quoted").write_bytes(b'"' + b"x" * 100_000_000)
        (self.folder / "commas").write_bytes(b"," * 100_000_000)
        for name in ("letters", "quoted", "commas", "/dev/zero"):
            with self.subTest(file=name):
                self.assert_refused("tune", name)
                self.assert_refused("compare", f"table:{name}")
                if name != "/dev/zero":
                    self.assert_refused("list", "--store", name)
                ended, kilobytes = self.peak("measure", "--source", f"replay:{name}", "--", "true")
                self.assertLess(kilobytes, MEMORY)
                self.assertLess(len(ended.err), 3000)

    def test_long_words_are_cut_in_messages(self) -> None:
        self.write_study(learner())
        for words in (["show", "x" * 100_000], ["tune", "x" * 100_000], ["x" * 100_000], ["tune", "study.toml", "--budget", "9" * 100_000]):
            ended = self.sm2(*words)
            self.assert_one_line(ended, 2)
            self.assertLess(len(ended.err), 3000)


if __name__ == "__main__":
    unittest.main()
