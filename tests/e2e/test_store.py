"""A store that is full, locked, read-only, deleted or replaced while a study runs, and one that may only be read."""

import json
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import time
import unittest
from collections import Counter
from pathlib import Path
from typing import Any

from sm2_binary import Ended, Running, Sm2Test, learner, until

RUNGS = {"unit": "epoch", "min": 1, "max": 4}
HALVING = {"name": "successive-halving", "candidates": 4}
METRIC_ALONE = {"energy": 0, "stability": 0}
PATTERN = "accuracy=(?P<accuracy>[0-9.]+)"
READING = ("list", "show", "trials", "best", "export")


def mount(place: Path, *options: str) -> bool:
    """A small file system in memory, where this user may mount one."""
    place.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", *options, "tmpfs", str(place)]
    return os.geteuid() == 0 and subprocess.run(command, capture_output=True, check=False).returncode == 0


class StoreTest(Sm2Test):
    store = "sm2.db"

    def write(self, **more: Any) -> None:
        command = learner("--epoch-seconds=0.05", "--diary=diary")
        self.write_study(command, resource=RUNGS, strategy=HALVING, objective=METRIC_ALONE, **more)

    def tune_store(self) -> Running:
        return self.start("tune", "study.toml", "--store", self.store)

    def rows(self, kind: str) -> list[str]:
        database = sqlite3.connect(f"file:{self.folder / self.store}?mode=ro", uri=True)
        try:
            return [body for (body,) in database.execute("SELECT body FROM events WHERE kind = ? ORDER BY seq", (kind,))]
        finally:
            database.close()

    def undisturbed(self) -> list[str]:
        """The decisions of the same study when nothing happens."""
        self.write()
        ended = self.sm2("tune", "study.toml", "--store", "undisturbed.db")
        self.assertEqual((ended.status, ended.err), (0, ""), ended)
        (self.folder / "diary").unlink()
        kept, self.store = self.store, "undisturbed.db"
        decided = self.rows("decided")
        self.store = kept
        return decided

    def said(self, tuner: Running, words: str) -> str:
        """Waits for a line of the tuner's standard error."""
        until(lambda: words in tuner.errors() or tuner.process.poll() is not None, f"a line with {words!r}")
        self.assertIn(words, tuner.errors())
        return tuner.errors()

    def finish(self, tuner: Running, decided: list[str], kills: int = 0) -> None:
        """To the end of the undisturbed study. A kill costs at most the epoch that was being saved."""
        ended = tuner.end()
        self.assertEqual(ended.status, 0, ended)
        self.assertEqual(self.rows("decided"), decided)
        checked = self.sm2("check", self.store)
        self.assertEqual(checked.status, 0, checked)
        # What a program was answered is stored, and once: it notes an epoch when it has its answer.
        diary = Counter((self.folder / "diary").read_text().splitlines())
        self.assertLessEqual(sum(diary.values()) - len(diary), kills, diary)
        self.assertEqual(len(self.rows("evaluated")), len(diary))

    def pause(self, tuner: Running, words: str) -> None:
        """The study says that it is paused and why, in one line, and its program waits rather than fails."""
        said = self.said(tuner, "the study is paused")
        self.assertEqual(len(said.splitlines()), 1, said)
        self.assertIn(words, said)
        self.assertIn(Path(self.store).name, said)

    def goes_on(self, tuner: Running) -> None:
        self.assertIn("the study goes on", self.said(tuner, "the store is back after"))


class PausedStore(StoreTest):
    """The same tests for every way in which a store cannot take anything for a while."""

    words = ""

    def prepare(self) -> None:
        pass

    def break_store(self, tuner: Running) -> None:
        raise NotImplementedError

    def mend_store(self, tuner: Running) -> None:
        raise NotImplementedError

    def paused(self) -> Running:
        tuner = self.tune_store()
        tuner.wait_for("^trial . +1 epoch")
        until(lambda: self.rows("evaluated"), "an evaluation in the store")  # the tuner tells it as it stores it
        self.break_store(tuner)
        self.pause(tuner, self.words)
        return tuner

    def check_goes_on(self, seconds: float) -> None:
        self.prepare()
        decided = self.undisturbed()
        # Time in which the tuner lets a program wait is neither silence nor its own.
        self.write(limits={"silence": "3 s", "wall": "5 s", "time": "8 s"})
        tuner = self.paused()
        time.sleep(seconds)
        self.mend_store(tuner)
        self.goes_on(tuner)
        self.finish(tuner, decided)

    def check_leaving(self) -> None:
        self.prepare()
        decided = self.undisturbed()
        for number in (signal.SIGINT, signal.SIGTERM):
            tuner = self.paused()
            os.kill(tuner.pid, number)
            ended = tuner.end()
            self.assertEqual(ended.status, 130, ended)
            self.assertIn("the store could not take what happened in the last", ended.out)
            self.assert_nothing_left()
            self.mend_store(tuner)
        self.finish(self.tune_store(), decided, kills=2)

    def check_kill(self) -> None:
        self.prepare()
        decided = self.undisturbed()
        tuner = self.paused()
        tuner.kill()
        self.assert_nothing_left()
        self.mend_store(tuner)
        self.finish(self.tune_store(), decided, kills=1)


class FullDiskTest(PausedStore):
    store = "disk/sm2.db"
    words = "no space is left for it"

    def prepare(self) -> None:
        disk = self.folder / "disk"
        if not mount(disk, "-o", "size=1m"):
            self.skipTest("only root may mount a small file system; FileLimitTest stands in")
        self.addCleanup(subprocess.run, ["umount", "-l", str(disk)], check=False)
        (self.folder / "trials").mkdir()
        (disk / "sm2.trials").symlink_to(self.folder / "trials")

    def break_store(self, tuner: Running) -> None:
        with open(self.folder / "disk" / "filler", "wb", buffering=0) as filler:
            try:
                while filler.write(b"x" * 4096):
                    pass
            except OSError:
                pass

    def mend_store(self, tuner: Running) -> None:
        (self.folder / "disk" / "filler").unlink()

    def test_the_study_goes_on_when_there_is_room(self) -> None:
        self.check_goes_on(6)

    def test_it_may_be_left_while_it_is_full(self) -> None:
        self.check_leaving()

    def test_a_kill_while_it_is_full(self) -> None:
        self.check_kill()

    def test_it_may_be_read_while_it_is_full(self) -> None:
        self.prepare()
        self.write()
        tuner = self.paused()
        for command in READING:
            ended = self.sm2(command, "--store", self.store)
            self.assertEqual((ended.status, ended.err), (0, ""), ended)
        self.mend_store(tuner)
        self.assertEqual(tuner.end().status, 0)

    def test_it_may_be_read_where_it_ended_before(self) -> None:
        self.prepare()
        self.write()
        tuner = self.start("tune", "study.toml", "--store", self.store)
        self.assertEqual(tuner.end().status, 0)
        self.break_store(tuner)
        for command in READING:
            ended = self.sm2(command, "--store", self.store)
            self.assertEqual((ended.status, ended.err), (0, ""), ended)


class FileLimitTest(PausedStore):
    """A limit on the size of files, put on the running tuner: its log cannot grow."""

    words = "ulimit -f"

    def limit(self, tuner: Running, size: int) -> None:
        hard = resource.prlimit(tuner.pid, resource.RLIMIT_FSIZE)[1]
        resource.prlimit(tuner.pid, resource.RLIMIT_FSIZE, (size, hard))

    def break_store(self, tuner: Running) -> None:
        self.limit(tuner, 4096)

    def mend_store(self, tuner: Running) -> None:
        if tuner.process.poll() is None:
            self.limit(tuner, resource.RLIM_INFINITY)

    def test_the_study_goes_on_when_it_may_grow(self) -> None:
        self.check_goes_on(2)

    def test_it_may_be_left(self) -> None:
        self.check_leaving()


class LockedTest(PausedStore):
    words = "another process has locked it"

    def break_store(self, tuner: Running) -> None:
        self.other = sqlite3.connect(self.folder / self.store, isolation_level=None)
        self.addCleanup(self.other.close)
        until(self.lock, "the lock of the store")

    def lock(self) -> bool:
        try:
            self.other.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            return False
        return True

    def mend_store(self, tuner: Running) -> None:
        self.other.execute("ROLLBACK")
        self.other.close()

    def test_the_study_waits_for_fifteen_seconds(self) -> None:
        self.check_goes_on(15)

    def test_it_may_be_left(self) -> None:
        self.check_leaving()


class LostStoreTest(StoreTest):
    def lose(self, change: Any, *words: str) -> None:
        self.write()
        tuner = self.tune_store()
        tuner.wait_for("^trial . +1 epoch")
        change()
        self.assert_one_line(tuner.end(), 2, "while the study ran", *words)
        self.assert_nothing_left()

    def test_a_store_that_is_deleted(self) -> None:
        self.lose((self.folder / "sm2.db").unlink, "sm2.db was deleted")
        self.assertFalse((self.folder / "sm2.db").exists())

    def test_a_log_that_is_deleted(self) -> None:
        self.lose((self.folder / "sm2.db-wal").unlink, "sm2.db-wal was deleted")

    def test_a_store_that_is_replaced(self) -> None:
        def replace() -> None:
            shutil.copy(self.folder / "sm2.db", self.folder / "other")
            os.replace(self.folder / "other", self.folder / "sm2.db")

        self.lose(replace, "sm2.db was replaced")

    def test_a_folder_that_is_moved_away(self) -> None:
        self.store = "place/sm2.db"
        (self.folder / "place").mkdir()
        self.lose(lambda: (self.folder / "place").rename(self.folder / "elsewhere"), "sm2.db was deleted")
        self.store = "elsewhere/sm2.db"
        self.assertEqual(self.sm2("tune", "study.toml", "--store", self.store).status, 0)


class ReadOnlyTest(StoreTest):
    """Reading commands need no right to write, whether or not a killed tuner has left a log."""

    store = "place/sm2.db"

    def make_read_only(self) -> None:
        place = self.folder / "place"
        if os.geteuid() == 0:
            subprocess.run(["mount", "--bind", place, place], check=True, capture_output=True)
            self.addCleanup(subprocess.run, ["umount", "-l", str(place)], check=False)
            subprocess.run(["mount", "-o", "remount,ro,bind", place], check=True, capture_output=True)
        else:
            for path in place.glob("sm2.db*"):
                path.chmod(0o400 if path.is_file() else 0o500)
            place.chmod(0o500)
            self.addCleanup(place.chmod, 0o700)
        with self.assertRaises(OSError):
            (place / "new").touch()

    def ended(self) -> Ended:
        (self.folder / "place").mkdir()
        self.write()
        return self.tune_store().end()

    def read_everything(self) -> None:
        commands = [[command, "--store", self.store] for command in READING]
        commands += [["report", "--store", self.store, "-o", "report.html"], ["check", self.store]]
        commands += [["backup", self.store, "copy.db"]]
        for command in commands:
            ended = self.sm2(*command)
            self.assertEqual((ended.status, ended.err), (0, ""), ended)

    def test_a_finished_study(self) -> None:
        self.assertEqual(self.ended().status, 0)
        try:
            self.make_read_only()
        except subprocess.CalledProcessError:
            self.skipTest("this root may not mount")
        self.read_everything()
        self.assert_one_line(self.sm2("tune", "study.toml", "--store", self.store), 2, "sm2.db")

    def test_a_log_that_a_killed_tuner_left(self) -> None:
        (self.folder / "place").mkdir()
        self.write()
        tuner = self.tune_store()
        tuner.wait_for("^trial . +2 epoch")
        tuner.kill()
        self.assert_nothing_left()
        self.assertTrue((self.folder / "place" / "sm2.db-wal").exists())
        (self.folder / "place" / "sm2.db-shm").unlink()
        try:
            self.make_read_only()
        except subprocess.CalledProcessError:
            self.skipTest("this root may not mount")
        self.read_everything()
        self.assertTrue(any(trial["resource"] == 2 for trial in self.read_trials()), "the log was not read")

    def read_trials(self) -> list[Any]:
        ended = self.sm2("trials", "--json", "--store", self.store)
        return [json.loads(line) for line in ended.out.splitlines()]


class OneTunerTest(StoreTest):
    """Of several tuners on one study one works, by whatever name its store goes, and whatever becomes of the trials' folder."""

    def begin(self) -> Running:
        shell = "while :; do echo accuracy=0.{batch_size}; sleep 0.3; done"
        self.write_study(["/bin/sh", "-c", shell], pattern=PATTERN, resource={"unit": "epoch", "max": 100})
        tuner = self.tune_store()
        tuner.wait_for("^trial 0 +1 epoch")
        return tuner

    def refused(self, store: str, words: str) -> None:
        ended = self.sm2("tune", "study.toml", "--store", store)
        self.assertEqual((ended.status, len(ended.err.splitlines())), (2, 1), ended)
        self.assertIn(words, ended.err)

    def leave(self, tuner: Running) -> None:
        tuner.press_ctrl_c()
        self.assertEqual(tuner.end().status, 130)

    def test_a_store_by_a_symbolic_link(self) -> None:
        tuner = self.begin()
        (self.folder / "link.db").symlink_to(self.store)
        self.refused("link.db", "another sm2 tune works on this study already")
        self.assertEqual(json.loads(self.sm2("show", "--store", "link.db", "--json").out)["state"], "running")
        self.leave(tuner)
        self.assertFalse((self.folder / "link.trials").exists(), "its trials are where they were")

    def test_a_store_by_a_hard_link(self) -> None:
        tuner = self.begin()
        (self.folder / "hard.db").hardlink_to(self.folder / self.store)
        self.refused("hard.db", "the file has 2 names")
        (self.folder / "hard.db").unlink()
        self.leave(tuner)
        self.assertEqual(self.sm2("check", self.store).status, 0)

    def test_the_folder_of_the_trials_is_moved_away(self) -> None:
        tuner = self.begin()
        (self.folder / "sm2.trials").rename(self.folder / "elsewhere")
        self.refused(self.store, "another sm2 tune works on this study already")
        self.assertEqual(self.json("show")["state"], "running")
        self.leave(tuner)

    def test_another_study_of_the_same_store_runs_beside_it(self) -> None:
        tuner = self.begin()
        self.write_study(["/bin/sh", "-c", "echo accuracy=0.{batch_size}"], "other.toml", name="t", pattern=PATTERN)
        self.assertEqual(self.sm2("tune", "other.toml", "--store", self.store).status, 0)
        self.leave(tuner)

    def test_two_stores_that_share_a_folder(self) -> None:
        self.leave(self.begin())
        self.refused("sm2.sqlite", "is that of a study of this name in the store sm2.db")
        (self.folder / "sm2.db").rename(self.folder / "sm2.sqlite")
        self.store = "sm2.sqlite"
        tuner = self.tune_store()
        tuner.wait_for("^trial 0 +[0-9]+ epoch")
        self.leave(tuner)


if __name__ == "__main__":
    unittest.main()
