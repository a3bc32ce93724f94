"""sm2 check, which says what is wrong with a store, and sm2 backup, which copies it under a running tuner."""

import json
import re
import shutil
import sqlite3
import stat
import time
import unittest
from typing import Any

from sm2_binary import ROOT, Ended, Sm2Test, learner

RUNGS = {"unit": "epoch", "min": 1, "max": 4}
HALVING = {"name": "successive-halving", "candidates": 4}


class CheckTest(Sm2Test):
    def setUp(self) -> None:
        super().setUp()
        self.write_study(learner("--epoch-seconds=0.05"), resource=RUNGS, strategy=HALVING)
        tuner = self.start("tune", "study.toml")
        tuner.wait_for("^trial . +2 epoch")
        tuner.kill()
        self.assert_nothing_left()

    def change(self, *statements: str) -> None:
        database = sqlite3.connect(self.folder / "sm2.db")
        for statement in statements:
            self.assertGreater(database.execute(statement).rowcount, 0, statement)
        database.commit()
        database.close()

    def restore(self) -> None:
        for end in ("", "-wal", "-shm"):
            (self.folder / f"sm2.db{end}").unlink(missing_ok=True)
        shutil.copy(self.folder / "kept.db", self.folder / "sm2.db")

    def problems(self) -> list[dict[str, Any]]:
        """What is wrong with the study, as both outputs have it."""
        ended = self.sm2("check", "--json")
        checked = json.loads(ended.out)
        self.assertEqual((ended.status, ended.err), (0 if checked["ok"] else 1, ""), ended)
        for_people = self.sm2("check")
        self.assertEqual(for_people.status, ended.status)
        self.assert_for_a_terminal(for_people.out)
        (study,) = checked["studies"]
        for problem in study["problems"]:
            self.assertTrue(problem["help"], problem)
            self.assertIn(problem["help"], for_people.out)
        return list(study["problems"])

    def test_what_a_kill_leaves_is_sound(self) -> None:
        self.assertEqual(self.problems(), [])
        self.assertRegex(self.sm2("check").out, r"^store \./sm2\.db: ok\nstudy s: ok, \d+ events\n$")
        self.assertEqual(self.sm2("tune", "study.toml").status, 0)
        self.assertEqual(self.problems(), [])

    def test_a_store_that_is_in_use_is_sound(self) -> None:
        tuner = self.start("tune", "study.toml")
        tuner.wait_for("^trial . +3 epoch")
        self.assertEqual(self.problems(), [])
        self.assertEqual(tuner.end().status, 0)

    def test_each_kind_of_damage_is_named(self) -> None:
        damages = {
            "event 5 is missing": "DELETE FROM events WHERE seq = 5",
            "is not a stored event": "UPDATE events SET body = '{' WHERE seq = 6",
            "event 7: 'sung'": "UPDATE events SET kind = 'sung' WHERE seq = 7",
            "had not begun": "UPDATE events SET body = json_set(body, '$.trial', 77) WHERE kind = 'exited'",
            "its process before has not ended": "UPDATE events SET kind = 'launched'"
            " WHERE kind = 'metered' AND seq = (SELECT min(seq) FROM events WHERE kind = 'metered')",
            "had used": "UPDATE events SET body = json_set(body, '$.energy[0].joules', 1e6) WHERE kind = 'evaluated'"
            " AND seq = (SELECT min(seq) FROM events WHERE kind = 'evaluated')",
            "and was at 1 already": "UPDATE events SET body = json_set(body, '$.resource', 1) WHERE kind = 'evaluated'",
            "its study file:": "UPDATE events SET body = json_set(body, '$.file', 'nonsense') WHERE kind = 'created'",
            "is not what this version of sm2 decides": "UPDATE events SET body = json_set(body, '$.params.batch_size', 7)"
            " WHERE kind = 'decided'",
        }
        self.assertEqual(self.sm2("backup", "sm2.db", "kept.db").status, 0)
        for says, statement in damages.items():
            with self.subTest(says=says):
                self.restore()
                self.change(statement)
                self.assertTrue(any(says in problem["problem"] for problem in self.problems()), self.problems())

    def test_what_lies_in_the_folders_is_looked_at(self) -> None:
        trials = self.folder / "sm2.trials" / "s"
        (trials / "99").mkdir()
        (problem,) = self.problems()
        self.assertIn(f"{trials.relative_to(self.folder)}/99 belongs to no trial", problem["problem"])
        (trials / "99").rmdir()
        shutil.rmtree(trials / "0" / "checkpoints")
        self.assertIn("is not there", self.problems()[0]["problem"])
        shutil.rmtree(trials)
        (problem,) = self.problems()
        self.assertIn("the folder of its trials", problem["problem"])

    def test_a_damaged_file_is_explained(self) -> None:
        self.assertEqual(self.sm2("tune", "study.toml").status, 0)
        size = (self.folder / "sm2.db").stat().st_size
        with open(self.folder / "sm2.db", "r+b") as file:
            file.seek(size // 2)
            file.write(b"x" * (size - size // 2))
        ended = self.sm2("check")
        self.assertEqual((ended.status, ended.err), (1, ""), ended)
        self.assertIn("sm2 backup", ended.out)
        self.assert_for_a_terminal(ended.out)

    def test_a_file_that_cannot_be_opened_is_explained_without_naming_the_check(self) -> None:
        self.assertEqual(self.sm2("tune", "study.toml").status, 0)
        with open(self.folder / "sm2.db", "r+b") as file:
            file.seek(100)
            file.write(b"x" * 100)
        ended = self.sm2("check")
        self.assertEqual((ended.status, ended.err), (1, ""), ended)
        self.assertIn("it is damaged", ended.out)
        self.assertNotIn("sm2 check", ended.out)

    def test_what_is_no_store(self) -> None:
        self.assert_one_line(self.sm2("check", "missing.db"), 2, "there is no such file")
        self.assert_one_line(self.sm2("check", "mysql://x/y"), 2, "SQLite or PostgreSQL")
        ended = self.sm2("check", "study.toml")
        self.assertEqual(ended.status, 1, ended)
        self.assertIn("no store of sm2", ended.out)

    def test_the_documentation_names_every_key(self) -> None:
        section = (ROOT / "docs" / "json.md").read_text().split("## sm2 check\n")[1].split("\n## ")[0]
        checked = json.loads(self.sm2("check", "--json").out)
        for key in [*checked, *checked["studies"][0], "event", "problem", "help"]:
            self.assertIn(f"`{key}`", section)


class BackupTest(Sm2Test):
    def rows(self, file: str) -> list[tuple[Any, ...]]:
        database = sqlite3.connect(self.folder / file)
        try:
            return database.execute("SELECT seq, time, kind, body FROM events ORDER BY seq").fetchall()
        finally:
            database.close()

    def back_up(self, name: str) -> Ended:
        return self.sm2("backup", "sm2.db", name)

    def test_under_a_running_tuner(self) -> None:
        self.write_study(learner("--epoch-seconds=0.05"), resource=RUNGS, strategy=HALVING)
        tuner = self.start("tune", "study.toml")
        tuner.wait_for("^trial . starts")
        names = []
        while tuner.process.poll() is None:
            names.append(f"copy{len(names)}.db")
            ended = self.back_up(names[-1])
            self.assertEqual((ended.status, ended.out, ended.err), (0, names[-1] + "\n", ""), ended)
            time.sleep(0.1)
        self.assertEqual(tuner.end().status, 0)
        self.assertGreater(len(names), 3)
        whole = self.rows("sm2.db")
        lengths = []
        for name in names:
            copied = self.rows(name)
            self.assertEqual(copied, whole[: len(copied)])
            lengths.append(len(copied))
            self.assertEqual(stat.S_IMODE((self.folder / name).stat().st_mode), 0o600)
        self.assertEqual(lengths, sorted(lengths))
        self.assertLess(lengths[0], lengths[-1])

    def test_a_copy_takes_the_place_of_a_lost_store(self) -> None:
        self.write_study(learner("--epoch-seconds=0.05"), resource=RUNGS, strategy=HALVING)
        tuner = self.start("tune", "study.toml")
        tuner.wait_for("^trial . +2 epoch")
        self.assertEqual(self.back_up("copy.db").status, 0)
        tuner.kill()
        self.assert_nothing_left()
        for file in self.folder.glob("sm2.db*"):
            file.unlink()
        (self.folder / "copy.db").rename(self.folder / "sm2.db")
        ended = self.sm2("tune", "study.toml")
        self.assertEqual((ended.status, ended.err), (0, ""), ended)
        self.assertEqual(self.json("show")["state"], "finished")
        self.assertEqual(self.sm2("check").status, 0)

    def test_overwrites_nothing(self) -> None:
        self.write_study(learner(), resource=RUNGS, strategy=HALVING)
        self.assertEqual(self.sm2("tune", "study.toml").status, 0)
        (self.folder / "mine").write_text("mine")
        for name in ("mine", "sm2.db"):
            self.assert_one_line(self.back_up(name), 2, "exists already")
        self.assertEqual((self.folder / "mine").read_text(), "mine")
        self.assert_one_line(self.back_up("no/folder"), 2, "cannot be made")
        self.assert_one_line(self.sm2("backup", "missing.db", "copy.db"), 2, "there is no such file")
        self.assertEqual([path.name for path in self.folder.iterdir() if re.search("copy|new", path.name)], [])


if __name__ == "__main__":
    unittest.main()
