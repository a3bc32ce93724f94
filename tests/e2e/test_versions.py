"""Stores of earlier versions of sm2, kept as they were written: they are read, and their studies go on.

tests/data/version-N.sqlite holds a finished study, `whole`, and the same one as a kill -9 left it, `half`, with events of
every kind. Their programs ran trainers/learner.py in the store's folder.
"""

import json
import shutil
import sqlite3
import unittest
from typing import Any

from sm2_binary import ROOT, TRAINERS, Sm2Test

KINDS = {"created", "opened", "decided", "launched", "evaluated", "checkpointed", "metered", "exited", "closed"}
READING = ("list", "show", "trials", "best", "export")


class VersionTest(Sm2Test):
    def take(self, version: int) -> None:
        """The store, with what was in its folder: the trainer, the study files and the checkpoints."""
        shutil.copyfile(ROOT / "tests" / "data" / f"version-{version}.sqlite", self.folder / "sm2.db")
        shutil.copy(TRAINERS / "learner.py", self.folder)
        for name in ("whole", "half"):
            (created,) = self.bodies("created", name)
            (self.folder / f"{name}.toml").write_text(created["file"])
            for announced in self.bodies("checkpointed", name):
                folder = self.folder / "sm2.trials" / name / str(announced["trial"]) / "checkpoints"
                folder.mkdir(parents=True, exist_ok=True)
                (folder / announced["name"]).write_text(str(int(announced["resource"])))

    def change(self, *statements: str) -> None:
        database = sqlite3.connect(self.folder / "sm2.db")
        for statement in statements:
            database.execute(statement)
        database.commit()
        database.close()

    def bodies(self, kind: str, name: str) -> list[dict[str, Any]]:
        database = sqlite3.connect(self.folder / "sm2.db")
        try:
            query = "SELECT body FROM events JOIN studies ON id = study WHERE kind = ? AND name = ? ORDER BY seq"
            return [json.loads(body) for (body,) in database.execute(query, (kind, name))]
        finally:
            database.close()

    def test_the_first_version_has_events_of_every_kind(self) -> None:
        self.take(1)
        self.assertEqual({kind for kind in KINDS if self.bodies(kind, "whole")}, KINDS)
        self.assertEqual({event["decision"] for event in self.bodies("decided", "whole")}, {"train", "drop", "finish"})

    def test_the_first_version_is_read(self) -> None:
        self.take(1)
        for command in READING:
            ended = self.sm2(command, *(["whole"] if command != "list" else []))
            self.assertEqual((ended.status, ended.err), (0, ""), ended)
        shown = self.json("show", "whole")
        self.assertEqual((shown["state"], shown["winner"], shown["host"]), ("finished", 0, "example"))
        self.assertAlmostEqual(shown["metric"]["best"], 0.844249, places=6)
        self.assertEqual(self.json("show", "half")["state"], "interrupted")
        self.assertEqual(self.sm2("check").status, 0)

    def test_a_study_of_the_first_version_goes_on(self) -> None:
        self.take(1)
        before = {name: self.bodies("evaluated", name) for name in ("whole", "half")}
        ended = self.sm2("tune", "half.toml")
        self.assertEqual((ended.status, ended.err), (0, ""), ended)
        self.assertEqual(self.bodies("decided", "half"), self.bodies("decided", "whole"))
        evaluated = self.bodies("evaluated", "half")
        self.assertEqual(evaluated[: len(before["half"])], before["half"])
        self.assertEqual([e["metrics"] for e in evaluated], [e["metrics"] for e in before["whole"]])
        self.assertEqual(self.sm2("check").status, 0)

    def test_a_newer_store_is_refused_by_name(self) -> None:
        self.take(1)
        self.change("PRAGMA user_version = 2")
        for command in (["tune", "half.toml"], ["show", "half"], ["list"]):
            self.assert_one_line(self.sm2(*command), 2, "schema 2, this one knows 1")
        checked = self.sm2("check")
        self.assertEqual(checked.status, 1, checked)
        self.assertIn("schema 2, this one knows 1", checked.out)

    def test_keys_of_a_newer_version_are_ignored(self) -> None:
        self.take(1)
        before = self.sm2("export", "whole", "--format", "json").out
        self.change("UPDATE events SET body = json_set(body, '$.new', json('[1]'), '$.newer', 'x')")
        self.assertEqual(self.sm2("export", "whole", "--format", "json").out, before)

    def test_a_kind_of_a_newer_version_is_one_line(self) -> None:
        self.take(1)
        self.change("UPDATE events SET kind = 'sung' WHERE kind = 'metered' AND study = 2")
        for command in (["tune", "half.toml"], ["show", "half"]):
            self.assert_one_line(self.sm2(*command), 2, "'sung'", "newer")
        self.assertEqual(self.sm2("show", "whole").status, 0, "other studies are not touched by it")


if __name__ == "__main__":
    unittest.main()
