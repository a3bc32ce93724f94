"""A store in PostgreSQL: commands, kills, a server that fails in mid-study, two tuners, and what is said when it cannot be used."""

import json
import os
import random
import signal
import socket
import time
import unittest
from collections import Counter
from pathlib import Path
from typing import Any

from postgres_server import PostgresTest
from sm2_binary import Ended, Running, learner, until

RUNGS = {"unit": "epoch", "min": 1, "max": 4}
HALVING = {"name": "successive-halving", "candidates": 4}
METRIC_ALONE = {"energy": 0, "stability": 0}
SEED = int(os.environ.get("CRASH_SEED", random.SystemRandom().randrange(1_000_000)))
HOSTILE = "x'; DROP TABLE sm2.events; --"


class StudyTest(PostgresTest):
    def write(self, seconds: float = 0.05, **more: Any) -> None:
        command = learner(f"--epoch-seconds={seconds}", "--diary=diary")
        self.write_study(command, resource=RUNGS, strategy=HALVING, objective=METRIC_ALONE, **more)

    def tune_store(self) -> Running:
        return self.start("tune", "study.toml", "--store", self.store)

    def metrics(self) -> dict[tuple[int, float], float]:
        return {(e["trial"], e["resource"]): e["metrics"]["accuracy"] for e in self.events("evaluated")}

    def outcome(self) -> tuple[list[Any], dict[tuple[int, float], float]]:
        return self.events("decided"), self.metrics()

    def undisturbed(self) -> tuple[list[Any], dict[tuple[int, float], float]]:
        """What the same study comes to when nothing happens."""
        self.write()
        ended = self.tune_store().end()
        self.assertEqual((ended.status, ended.err), (0, ""), ended)
        outcome = self.outcome()
        self.afresh()
        self.write()
        return outcome

    def said(self, tuner: Running, words: str) -> str:
        until(lambda: words in tuner.errors() or tuner.process.poll() is not None, f"a line with {words!r}")
        self.assertIn(words, tuner.errors())
        return tuner.errors()

    def finish(self, tuner: Running, outcome: Any, kills: int = 0) -> Ended:
        """To the end of the undisturbed study: what a program was answered is stored, and once."""
        ended = tuner.end()
        self.assertEqual(ended.status, 0, ended)
        self.assertEqual(self.outcome(), outcome)
        checked = self.sm2("check", self.store)
        self.assertEqual((checked.status, checked.err), (0, ""), checked)
        diary = Counter((self.folder / "diary").read_text().splitlines())
        self.assertLessEqual(sum(diary.values()) - len(diary), kills, diary)
        places = Counter((event["trial"], event["resource"]) for event in self.events("evaluated"))
        self.assertEqual(set(places.values()), {1}, places)
        self.assertEqual(len(places), len(diary))
        return ended


class CommandsTest(StudyTest):
    def test_every_command_reads_it(self) -> None:
        self.write()
        self.assertEqual(self.tune_store().end().status, 0)
        self.assertEqual(self.json("list")["studies"][0]["study"], "s")
        self.assertEqual(self.json("show")["state"], "finished")
        self.assertEqual(self.json("best")["params"], {"batch_size": 8})
        for arguments in (["list"], ["show"], ["best"], ["trials"], ["trials", "--json"], ["export", "--format", "csv"]):
            ended = self.sm2(*arguments, "--store", self.store)
            self.assertEqual((ended.status, ended.err), (0, ""), ended)
            self.assertTrue(ended.out)
        self.assertEqual(self.sm2("report", "--store", self.store, "-o", "report.html").status, 0)
        again = self.tune_store().end()
        self.assertIn("is finished already", again.out)
        self.assertTrue((self.folder / f"{self.database}.trials" / "s" / "0" / "log").exists())

    def test_check_and_backup(self) -> None:
        self.write()
        tuner = self.tune_store()
        tuner.wait_for("^trial . +2 epoch")
        for name in ("1.db", "2.db"):
            ended = self.sm2("backup", self.store, name)
            self.assertEqual((ended.status, ended.out, ended.err), (0, name + "\n", ""), ended)
            self.assertEqual(self.sm2("check", self.store).status, 0)
        tuner.kill()
        self.assert_nothing_left()
        checked = self.sm2("check", self.store)
        self.assertRegex(checked.out, rf"^store postgresql://sm2@127.0.0.1:\d+/{self.database}: ok\nstudy s: ok, \d+ events\n$")
        (self.folder / f"{self.database}.trials").rename(self.folder / "1.trials")
        gone_on = self.sm2("tune", "study.toml", "--store", "1.db")
        self.assertEqual((gone_on.status, gone_on.err), (0, ""), gone_on)
        self.assertEqual(self.sm2("check", "1.db").status, 0)

    def test_check_names_what_is_wrong(self) -> None:
        self.write()
        self.assertEqual(self.tune_store().end().status, 0)
        self.server.sql(self.database, "DELETE FROM sm2.events WHERE seq = 5")
        checked = json.loads(self.sm2("check", "--json", self.store).out)
        self.assertEqual(checked["ok"], False)
        self.assertIn("event 5 is missing", checked["studies"][0]["problems"][0]["problem"])
        self.assertNotIn("secret", json.dumps(checked))
        self.server.sql(self.database, "UPDATE sm2.store SET version = 99")
        checked_newer = self.sm2("check", self.store)
        self.assertEqual((checked_newer.status, checked_newer.err), (1, ""), checked_newer)
        self.assertIn("schema 99, this one knows", checked_newer.out)

    def test_names_and_values_are_never_sql(self) -> None:
        self.write(space={"batch_size": {"values": [8]}, "bait": {"values": [HOSTILE, "$1", "\\", '"', "{}"]}})
        self.assertEqual(self.tune_store().end().status, 0)
        self.write_study(learner(), "hostile.toml", name="-rf.x_1")
        self.assertEqual(self.sm2("tune", "hostile.toml", "--store", self.store).status, 0)
        for name in (HOSTILE, "s' OR '1'='1", "s\\", "$1", "../s", "s\n"):
            self.assert_one_line(self.sm2("show", name, "--store", self.store), 2, "holds no study")
        self.assertEqual({study["study"] for study in self.json("list")["studies"]}, {"s", "-rf.x_1"})

    def test_a_read_only_user_reads(self) -> None:
        self.write()
        self.assertEqual(self.tune_store().end().status, 0)
        for statement in (
            "DROP ROLE IF EXISTS reader",
            "CREATE ROLE reader LOGIN PASSWORD 'secret'",
            "GRANT USAGE ON SCHEMA sm2 TO reader",
            "GRANT SELECT ON ALL TABLES IN SCHEMA sm2 TO reader",
        ):
            self.server.sql(self.database, statement)
        self.store = self.store.replace("sm2@", "reader@")
        self.assertEqual(self.json("show")["state"], "finished")
        self.assertEqual(self.sm2("check", self.store).status, 0)
        self.server.sql(self.database, "DROP OWNED BY reader")
        self.assert_one_line(self.sm2("show", "--store", self.store), 2, "let the database's owner grant it")


class CannotBeUsedTest(StudyTest):
    """One line, within seconds, the exit status of any store that cannot be used, and never a password."""

    def refused(self, store: str, *parts: str) -> None:
        self.write()
        for arguments in (["tune", "study.toml", "--store", store], ["list", "--store", store], ["check", store]):
            begun = time.monotonic()
            ended = self.sm2(*arguments)
            self.assertLess(time.monotonic() - begun, 10, arguments)
            self.assert_one_line(ended, 2, "store postgresql://", *parts)
            self.assertNotIn("hunter2", ended.err + ended.out)
        self.assertFalse(any(self.folder.glob("*.trials")))

    def test_a_wrong_password(self) -> None:
        self.refused(self.store.replace("sm2@", "sm2:hunter2@"), "sm2@127.0.0.1", "another password")

    def test_no_password(self) -> None:
        del self.environment["PGPASSWORD"]
        self.refused(self.store, "no password supplied")

    def test_an_unknown_user(self) -> None:
        self.refused(self.store.replace("sm2@", "nobody:hunter2@"), "no such user")

    def test_no_such_database(self) -> None:
        self.refused(self.store + "_not", "there is no such database")

    def test_no_server(self) -> None:
        self.refused("postgresql://sm2:hunter2@127.0.0.1:1/x", "out of reach", "Connection refused")
        self.refused("postgresql://sm2:hunter2@/x?host=/nowhere", "out of reach")

    def test_a_server_that_says_nothing(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            self.refused(f"postgresql://sm2:hunter2@127.0.0.1:{silent.getsockname()[1]}/x", "has not answered")

    def test_a_url_that_cannot_be_read(self) -> None:
        for url in ("postgresql://u:hun/ter2@h/d", "postgresql://u:hunter2@h/d?hunter2", "postgresql://u:hunter2@[h/d"):
            self.refused(url, "no URL that can be read")

    def test_a_database_without_a_store_is_read_by_none(self) -> None:
        self.assert_one_line(self.sm2("list", "--store", self.store), 2, "there is no store of sm2 in this database")
        self.assert_one_line(self.sm2("check", self.store), 2, "there is no store of sm2 in this database")
        self.assertEqual(self.server.sql(self.database, "SELECT count(*) FROM pg_namespace WHERE nspname = 'sm2'"), "0")

    def test_the_password_of_the_url_is_shown_by_no_command(self) -> None:
        self.write()
        del self.environment["PGPASSWORD"]
        self.store = self.store.replace("sm2@", "sm2:secret@")
        shown = [self.tune_store().end()]
        for arguments in (["show", "nothing"], ["list"], ["report", "-o", "report.html"], ["trials"]):
            shown.append(self.sm2(*arguments, "--store", self.store))
        shown += [self.sm2("check", self.store), self.sm2("check", "--json", self.store), self.sm2("backup", self.store, "c.db")]
        self.write_study(learner(), resource=RUNGS)
        shown.append(self.tune_store().end())
        self.assertIn("is not what study 's' in", shown[-1].err)
        self.write_study(["/bin/false"], "failing.toml", name="failing", resource=RUNGS)
        shown.append(self.sm2("tune", "failing.toml", "--store", self.store))
        for ended in shown:
            self.assertNotIn("secret", ended.out + ended.err)
        for file in [self.folder / "c.db", self.folder / "report.html"]:
            self.assertNotIn(b"secret", file.read_bytes())


class KillTest(StudyTest):
    def test_kills_at_random_moments_change_nothing(self) -> None:
        print(f"CRASH_SEED={SEED}", flush=True)
        moments = random.Random(SEED)
        outcome = self.undisturbed()
        kills = 0
        while kills < 20:
            tuner = self.tune_store()
            time.sleep(moments.uniform(0.0, 0.5))
            if tuner.process.poll() is not None:
                self.finish(tuner, outcome, kills)
                self.afresh()
                self.write()
                kills += 1
                continue
            tuner.kill()
            kills += 1
        self.finish(self.tune_store(), outcome, kills)

    def test_the_next_may_start_at_the_moment_of_a_kill(self) -> None:
        outcome = self.undisturbed()
        for pattern in ("^trial . starts", "^trial . +1 epoch", "^trial . +2 epoch"):
            tuner = self.tune_store()
            tuner.wait_for(pattern)
            tuner.process.kill()
        self.assertEqual(self.finish(self.tune_store(), outcome, kills=3).err, "")


class ServerTest(StudyTest):
    """The server, or the way to it, fails in mid-study."""

    def goes_on(self, tuner: Running, outcome: Any, briefly: bool = False) -> None:
        """It says once that the study is paused, and once that it goes on; nothing where the way was back before anything was to be stored."""
        lines = self.finish(tuner, outcome).err.splitlines()
        if briefly and not lines:
            return
        self.assertEqual(len(lines), 2, lines)
        self.assertRegex(lines[0], "it is out of reach.*the study is paused, nothing of it is lost")
        self.assertIn(self.store, lines[0])
        self.assertRegex(lines[1], "the store is back after .*; the study goes on")

    def begun(self) -> tuple[Running, Any]:
        """With trials slow enough that what befalls the server finds the study in its middle."""
        outcome = self.undisturbed()
        self.write(seconds=0.5)
        tuner = self.tune_store()
        tuner.wait_for("^trial . +1 epoch")
        return tuner, outcome

    def test_a_restart(self) -> None:
        for mode in ("fast", "immediate"):
            with self.subTest(mode=mode):
                self.afresh()
                tuner, outcome = self.begun()
                self.server.restart(mode)
                self.goes_on(tuner, outcome, briefly=True)

    def test_a_session_that_is_ended(self) -> None:
        tuner, outcome = self.begun()
        self.end_sessions()
        self.goes_on(tuner, outcome, briefly=True)

    def test_a_server_that_is_gone_for_ten_seconds(self) -> None:
        outcome = self.undisturbed()
        self.write(seconds=0.3, limits={"silence": "3 s", "wall": "5 s", "time": "8 s"})
        tuner = self.tune_store()
        tuner.wait_for("^trial . +1 epoch")
        self.server.stop()
        time.sleep(10)
        self.server.start()
        self.goes_on(tuner, outcome)

    def test_a_server_that_hangs_for_ten_seconds(self) -> None:
        tuner, outcome = self.begun()
        processes = self.server_processes()
        for process in processes:
            os.kill(process, signal.SIGSTOP)
        time.sleep(10)
        for process in processes:
            os.kill(process, signal.SIGCONT)
        self.goes_on(tuner, outcome)

    def server_processes(self) -> list[int]:
        lines = self.server.sql("postgres", "SELECT string_agg(pid::text, ' ') FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        postmaster = int(Path(self.server.folder, "data", "postmaster.pid").read_text().split()[0])
        return [postmaster, *map(int, lines.split())]

    def test_restarts_at_random_moments_lose_and_double_nothing(self) -> None:
        print(f"CRASH_SEED={SEED}", flush=True)
        moments = random.Random(SEED)
        outcome = self.undisturbed()
        restarts = 0
        while restarts < 20:
            tuner = self.tune_store()
            tuner.wait_for("^study s")
            while tuner.process.poll() is None and restarts < 20:
                time.sleep(moments.uniform(0.05, 0.6))
                if tuner.process.poll() is None:
                    self.server.restart(moments.choice(["fast", "immediate"]))
                    restarts += 1
            self.finish(tuner, outcome)
            self.afresh()
            self.write()

    def test_it_may_be_left_while_the_server_is_gone(self) -> None:
        tuner, outcome = self.begun()
        self.server.stop()
        self.addCleanup(self.server.start)
        self.said(tuner, "the study is paused")
        os.kill(tuner.pid, signal.SIGINT)
        ended = tuner.end()
        self.assertEqual(ended.status, 130, ended)
        self.assertIn("the store could not take what happened in the last", ended.out)
        self.assert_nothing_left()
        self.server.start()
        self.finish(self.tune_store(), outcome, kills=1)

    def test_a_kill_while_the_server_is_gone(self) -> None:
        tuner, outcome = self.begun()
        self.server.stop()
        self.addCleanup(self.server.start)
        self.said(tuner, "the study is paused")
        tuner.kill()
        self.assert_nothing_left()
        self.server.start()
        self.finish(self.tune_store(), outcome, kills=1)


class TwoTunersTest(StudyTest):
    def second(self) -> Running:
        """In another folder, as on another machine: only the database knows of both."""
        other = self.folder.parent / "elsewhere"
        if not other.exists():
            other.mkdir()
            (other / "study.toml").write_bytes((self.folder / "study.toml").read_bytes())
        running = Running(["tune", "study.toml", "--store", self.store], other, self.environment)
        self.addCleanup(running.close)
        return running

    def test_the_second_is_told_who_the_first_is(self) -> None:
        self.write(seconds=0.3)
        first = self.tune_store()
        first.wait_for("^trial . +1 epoch")
        says = f"another sm2 tune works on this study already (process {first.pid} on {socket.gethostname()})"
        self.assert_one_line(self.second().end(), 2, says)
        self.assert_one_line(self.tune_store().end(), 2, says)
        self.assertEqual(self.json("show")["state"], "running")
        self.assertEqual(first.end().status, 0)
        self.assertEqual(len(self.events("opened")), 1)

    def test_ten_at_the_same_moment_on_a_fresh_store(self) -> None:
        self.write()
        ended = [tuner.end() for tuner in [self.tune_store() for _ in range(5)] + [self.second() for _ in range(5)]]
        for one in ended:
            if one.status != 0:
                self.assert_one_line(one, 2, "another sm2 tune works on this study already")
        self.assertGreater(sum(one.status == 0 for one in ended), 0)
        self.assertEqual((len(self.events("created")), len(self.events("opened"))), (1, 1))
        self.assertEqual(self.sm2("check", self.store).status, 0)

    def test_two_studies_share_a_store(self) -> None:
        for name in ("first", "second"):
            self.write_study(learner(), f"{name}.toml", name=name, resource=RUNGS, strategy=HALVING)
        for running in [self.start("tune", f"{name}.toml", "--store", self.store) for name in ("first", "second")]:
            ended = running.end()
            self.assertEqual((ended.status, ended.err), (0, ""), ended)
        self.assertEqual({study["state"] for study in self.json("list")["studies"]}, {"finished"})

    def test_one_that_lost_the_store_leaves_the_study_to_the_other(self) -> None:
        """Whichever of the two is given the study, the other ends with one line, and nothing is mixed."""
        self.write(seconds=0.2)
        first = self.tune_store()
        first.wait_for("^trial . +1 epoch")
        os.kill(first.pid, signal.SIGSTOP)
        self.end_sessions()
        other = self.second()
        other.wait_for("^trial . +1 epoch")
        os.kill(first.pid, signal.SIGCONT)
        ended = first.end()
        self.assertEqual(ended.status, 2, ended)
        self.assertRegex(ended.err, "another sm2 tune (works on this study already|has gone on with this study)")
        self.assertEqual(other.end().status, 0)
        self.assertEqual(self.sm2("check", self.store).status, 0)


if __name__ == "__main__":
    unittest.main()
