"""Workers of a study on a shared PostgreSQL store: joining, leaving, kills of workers, tuner and server."""

import os
import random
import re
import signal
import time
import unittest
from collections import Counter
from typing import Any

from postgres_server import PostgresTest
from sm2_binary import Running, command_of, learner, until, with_mark

SEED = int(os.environ.get("CRASH_SEED", random.SystemRandom().randrange(1_000_000)))
METRIC_ALONE = {"energy": 0, "stability": 0}


class WorkerTest(PostgresTest):
    def write(self, seconds: float = 0.05, candidates: int = 4, **more: Any) -> None:
        command = learner(f"--epoch-seconds={seconds}", "--diary=diary")
        strategy = {"name": "successive-halving", "candidates": candidates}
        resource = {"unit": "epoch", "min": 1, "max": 4}
        self.write_study(command, resource=resource, strategy=strategy, objective=METRIC_ALONE, **more)

    def tune_away(self, *more: str) -> Running:
        """A tuner that leaves all trials to workers."""
        return self.start("tune", "study.toml", "--store", self.store, "--workers", "0", *more)

    def worker(self, places: int = 1, *more: str) -> Running:
        return self.start("worker", "s", "--store", self.store, "--places", str(places), *more)

    def begun(self) -> Running:
        tuner = self.tune_away()
        until(lambda: self.server.sql(self.database, "SELECT count(*) FROM pg_class WHERE relname = 'members'") == "1", "a store")
        return tuner

    def assert_whole(self, kills: int = 0) -> None:
        """What a program was answered is stored, and once."""
        checked = self.sm2("check", self.store)
        self.assertEqual((checked.status, checked.err), (0, ""), checked)
        places = Counter((event["trial"], event["resource"]) for event in self.events("evaluated"))
        self.assertEqual(set(places.values()), {1}, places)
        diary = Counter((self.folder / "diary").read_text().splitlines())
        self.assertEqual(len(places), len(diary))
        self.assertLessEqual(sum(diary.values()) - len(diary), kills, diary)
        self.assertEqual(self.json("show")["state"], "finished")
        self.assertEqual(self.json("best")["params"], {"batch_size": 8})


class JoinTest(WorkerTest):
    def test_workers_train_and_end_with_the_study(self) -> None:
        self.write()
        tuner = self.begun()
        workers = [self.worker(), self.worker(places=2)]
        ended = tuner.end()
        self.assertEqual(ended.status, 0, ended)
        self.assertEqual(len(ended.err.splitlines()), 2, ended)
        self.assertRegex(ended.err, r"the worker on .* \(process \d+\) has joined, with 2 places")
        for worker in workers:
            one = worker.end()
            self.assertEqual((one.status, one.err), (0, ""), one)
            self.assertIn("the study is over", one.out)
        self.assert_whole()
        self.assertGreater(self.json("show")["joules"]["total"], 0)

    def test_a_tuner_trains_beside_its_workers(self) -> None:
        self.write(seconds=0.3)
        tuner = self.start("tune", "study.toml", "--store", self.store)
        tuner.wait_for("^study s")
        worker = self.worker()
        self.assertEqual(tuner.end().status, 0)
        self.assertEqual(worker.end().status, 0)
        self.assertIn("trial ", worker.output())
        self.assert_whole()

    def test_it_waits_for_a_tuner(self) -> None:
        self.write()
        self.assertIn(self.start("tune", "study.toml", "--store", self.store, "--budget", "0.000001 J").end().status, (0, 3))
        worker = self.worker()
        worker.wait_for("waiting for one")
        tuner = self.tune_away()
        self.assertEqual(tuner.end().status, 0)
        self.assertEqual(worker.end().status, 0)
        again = self.worker().end()
        self.assertEqual((again.status, again.out), (0, "study 's' is finished already\n"), again)

    def test_what_cannot_be_joined_is_said_in_a_line(self) -> None:
        self.write()
        self.assert_one_line(self.worker().end(), 2, "there is no store of sm2 in this database")
        self.assert_one_line(self.sm2("worker", "s", "--store", "sm2.db"), 2, "sm2.db")
        tuner = self.begun()
        tuner.press_ctrl_c()
        self.assertEqual(tuner.end().status, 130)
        self.assert_one_line(self.sm2("worker", "other", "--store", self.store), 2, "there is no study 'other'")
        self.assertIn(self.sm2("tune", "study.toml", "--store", "f.db", "--budget", "0.000001 J").status, (0, 3))
        self.assert_one_line(self.sm2("worker", "s", "--store", "f.db"), 2, "join studies in PostgreSQL")
        self.assert_one_line(self.sm2("tune", "study.toml", "--store", "g.db", "--workers", "0"), 2, "--workers 0")


class HardwareTest(WorkerTest):
    def test_a_choice_says_for_which_hardware_it_holds(self) -> None:
        if len(os.sched_getaffinity(0)) < 2:
            self.skipTest("NOT TESTED: a machine with one processor is of one kind only")
        self.write(seconds=0.3)
        tuner = self.begun()
        workers = [self.worker()]
        usable = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {min(usable)})  # which what is started inherits: another kind of machine
        self.addCleanup(os.sched_setaffinity, 0, usable)
        workers.append(self.worker())
        ended = tuner.end()
        self.assertEqual(ended.status, 0, ended)
        for worker in workers:
            self.assertEqual(worker.end().status, 0)
        self.assert_whole()
        shown, best = self.json("show")["hardware"], self.json("best")
        self.assertEqual(len(shown), 2, shown)
        self.assertEqual(len({kind for kind in shown if ", 1 processor; by cpu-model" in kind}), 1, shown)
        self.assertEqual(best["compared_on"], shown[0])
        self.assertTrue(set(best["hardware"]) <= set(shown))
        self.assertIn("trials ran on 2 kinds of hardware", " ".join(ended.out.split()))

    def test_a_tuner_without_trials_needs_no_devices(self) -> None:
        self.write(devices={"gpus": 1}, energy={"sources": ["slurm"], "power_limit": "100 W"})
        tuner = self.begun()
        self.assert_one_line(self.worker().end(), 2, "devices.gpus")
        tuner.press_ctrl_c()
        ended = tuner.end()
        self.assertEqual((ended.status, ended.err), (130, ""), ended)
        self.assertIn("energy from what workers read", ended.out)


class LeaveTest(WorkerTest):
    def test_a_worker_that_is_asked_to_leave_gives_its_trial_back(self) -> None:
        self.write(seconds=0.5)
        tuner = self.begun()
        first = self.worker()
        tuner.wait_for("^trial . +1 epoch")
        os.kill(first.pid, signal.SIGTERM)
        left = first.end()
        self.assertEqual(left.status, 130, left)
        second = self.worker()
        ended = tuner.end()
        self.assertEqual(ended.status, 0, ended)
        self.assertIn("has left", ended.err)
        self.assertEqual(second.end().status, 0)
        self.assert_whole()

    def test_the_trial_of_one_that_was_killed_goes_on_at_another(self) -> None:
        self.write(seconds=0.5)
        tuner = self.begun()
        first, second = self.worker(), self.worker()
        tuner.wait_for("^trial . +1 epoch")
        first.kill()
        ended = tuner.end()
        self.assertEqual(ended.status, 0, ended)
        self.assertIn("is gone", ended.err)
        self.assertEqual(second.end().status, 0)
        self.assert_whole(kills=1)

    def test_another_tuner_goes_on_after_a_kill(self) -> None:
        self.write(seconds=0.3)
        tuner = self.begun()
        worker = self.worker(places=2)
        tuner.wait_for("^trial . +1 epoch")
        tuner.kill()
        again = self.tune_away().end()
        self.assertEqual(again.status, 0, again)
        self.assertEqual(worker.end().status, 0)
        self.assertIn("another tuner goes on with the study", worker.output())
        self.assert_whole(kills=2)

    def test_a_standby_takes_over(self) -> None:
        self.write(seconds=0.3)
        tuner = self.begun()
        standby = self.tune_away("--standby")
        standby.wait_for("waiting to take its place")
        worker = self.worker(places=2)
        tuner.wait_for("^trial . +1 epoch")
        tuner.kill()
        ended = standby.end()
        self.assertEqual(ended.status, 0, ended)
        self.assertEqual(worker.end().status, 0)
        self.assert_whole(kills=2)

    def test_a_worker_takes_the_place_of_a_tuner_that_died(self) -> None:
        self.write(seconds=0.3)
        tuner = self.begun()
        workers = [self.worker(), self.worker()]
        tuner.wait_for("^trial . +1 epoch")
        tuner.kill()
        ended = [worker.end(patience=150) for worker in workers]
        self.assertEqual([one.status for one in ended], [0, 0], ended)
        (decided,) = [one.out for one in ended if re.search("^winner ", one.out, re.MULTILINE)]
        self.assertIn("the tuner died: taking its place", decided)
        (worked,) = [one.out for one in ended if one.out != decided]
        self.assertIn("the study is over", worked)
        self.assert_whole(kills=2)

    def test_a_standby_may_be_ended(self) -> None:
        self.write(seconds=0.3)
        tuner = self.start("tune", "study.toml", "--store", "sm2.db")
        tuner.wait_for("^trial . starts|^trial")
        standby = self.start("tune", "study.toml", "--store", "sm2.db", "--standby")
        standby.wait_for("waiting to take its place")
        standby.press_ctrl_c()
        self.assertEqual(standby.end().status, 130)
        self.assertEqual(tuner.end().status, 0)

    def test_what_an_abandoned_worker_runs_ends(self) -> None:
        self.write(seconds=5)
        tuner = self.begun()
        worker = self.worker(1, "--never-decide")
        tuner.wait_for("^trial . starts|^trial")
        worker.wait_for("^trial")
        tuner.kill()
        until(lambda: not self.programs(), "its programs have ended", patience=40)
        self.assertIsNone(worker.process.poll())
        os.kill(worker.pid, signal.SIGINT)
        self.assertEqual(worker.end().status, 130)

    def programs(self) -> str:
        return " ".join(command for pid in with_mark(self.mark) if "learner" in (command := command_of(pid)))


class LostForGoodTest(WorkerTest):
    def at_work(self) -> tuple[Running, Running]:
        self.write(seconds=1)
        tuner, worker = self.begun(), self.worker()
        worker.wait_for("trial 0")
        return tuner, worker

    def assert_ended(self, running: Running, why: str) -> None:
        ended = running.end(20)
        self.assertEqual(ended.status, 2, ended)
        self.assertEqual(len(re.findall(why, ended.err)), 1, ended)

    def test_dropped_tables_end_tuner_and_worker(self) -> None:
        tuner, worker = self.at_work()
        self.server.sql(self.database, "DROP TABLE sm2.mail")
        for running in (tuner, worker):
            self.assert_ended(running, "its tables are gone")

    def test_a_dropped_database_ends_tuner_and_worker(self) -> None:
        tuner, worker = self.at_work()
        self.server.sql("postgres", f"DROP DATABASE {self.database} WITH (FORCE)")
        for running in (tuner, worker):
            self.assert_ended(running, "does not exist")
        until(lambda: not [pid for pid in with_mark(self.mark) if "learner" in command_of(pid)], "the end of programs")

    def test_a_user_leaves_while_messages_are_refused(self) -> None:
        tuner, worker = self.at_work()
        self.server.sql(self.database, "REVOKE INSERT ON sm2.mail FROM sm2")
        time.sleep(4)
        for running in (tuner, worker):
            running.press_ctrl_c()
            self.assertEqual(running.end(15).status, 130)


class ChaosTest(WorkerTest):
    def test_kills_of_everybody_lose_and_double_nothing(self) -> None:
        print(f"CRASH_SEED={SEED}", flush=True)
        moments = random.Random(SEED)
        self.write(seconds=0.2, candidates=8, space={"batch_size": {"values": [8, 16, 32, 64]}, "k": {"values": [1, 2]}})
        tuner = self.begun()
        workers = [self.worker(), self.worker()]
        kills = 0
        until_end = time.monotonic() + 30
        while time.monotonic() < until_end and tuner.process.poll() is None:
            time.sleep(moments.uniform(0.2, 2))
            what = moments.choice(["tuner", "worker", "server", "leave"])
            one = moments.randrange(len(workers))
            if what == "server":
                self.server.restart(moments.choice(["fast", "immediate"]))
            elif what == "tuner":
                tuner.kill()
                tuner = self.tune_away()
                kills += 2
            elif what == "worker":
                workers[one].kill()
                workers[one] = self.worker()
                kills += 1
            else:
                os.kill(workers[one].pid, signal.SIGTERM)
                workers[one].end()
                workers[one] = self.worker()
        ended = tuner.end(patience=120)
        self.assertEqual(ended.status, 0, ended)
        for worker in workers:
            self.assertIn(worker.end().status, (0, 2))
        checked = self.sm2("check", self.store)
        self.assertEqual((checked.status, checked.err), (0, ""), checked)
        places = Counter((event["trial"], event["resource"]) for event in self.events("evaluated"))
        self.assertEqual(set(places.values()), {1}, places)
        diary = set((self.folder / "diary").read_text().splitlines())
        self.assertEqual(len(places), len(diary))


if __name__ == "__main__":
    unittest.main()
