"""Worker jobs of a real Slurm: they train, fail, are requeued and cancelled; the study is whole."""

import os
import signal
import time
import unittest
from typing import Any

from slurm_cluster import SlurmCluster
from sm2_binary import Running, until
from test_worker import WorkerTest


class SlurmTest(WorkerTest):
    def setUp(self) -> None:
        self.slurm = SlurmCluster.shared()
        super().setUp()
        self.environment |= self.slurm.environment
        self.addCleanup(self.slurm.run, "scancel", "--signal=KILL", "--user=root")

    def tune_on_slurm(self, seconds: float = 0.3, **slurm: Any) -> Running:
        self.write(seconds=seconds, slurm={"workers": 2, **slurm})
        return self.start("tune", "study.toml", "--store", self.store, "--cluster", "slurm")

    def joined(self, tuner: Running, count: int) -> None:
        until(lambda: tuner.errors().count("has joined") >= count, f"{count} workers", patience=90)

    def no_job_is_left(self) -> None:
        until(lambda: not [state for state in self.slurm.jobs() if state != "COMPLETING"], "no job is left", patience=30)


class RunTest(SlurmTest):
    def test_a_study_is_trained_by_jobs(self) -> None:
        tuner = self.tune_on_slurm(partition="main", cpus=1, memory="64 MiB", time="5 min", options=["--comment=a b; $(c)"])
        ended = tuner.end(patience=120)
        self.assertEqual(ended.status, 0, ended)
        self.assertIn("2 worker jobs submitted", ended.err)
        self.assert_whole()
        self.no_job_is_left()
        self.assertTrue(list((self.folder / f"{self.database}.trials" / "s").glob("slurm-*_1.log")))

    def test_ctrl_c_leaves_no_job_and_the_next_goes_on(self) -> None:
        tuner = self.tune_on_slurm(seconds=0.5)
        self.joined(tuner, 1)
        tuner.wait_for("^trial . +1 epoch")
        os.kill(tuner.pid, signal.SIGINT)
        self.assertEqual(tuner.end().status, 130)
        self.no_job_is_left()
        again = self.start("tune", "study.toml", "--store", self.store, "--cluster", "slurm").end(patience=120)
        self.assertEqual(again.status, 0, again)
        self.assert_whole(kills=2)

    def test_jobs_of_a_tuner_that_was_killed_work_for_the_next(self) -> None:
        tuner = self.tune_on_slurm(seconds=0.5)
        self.joined(tuner, 2)
        tuner.kill()
        again = self.start("tune", "study.toml", "--store", self.store, "--cluster", "slurm").end(patience=120)
        self.assertEqual(again.status, 0, again)
        self.assertNotIn("submitted", again.err)
        self.assert_whole(kills=2)
        self.no_job_is_left()

    def test_what_cannot_be_is_said_in_a_line(self) -> None:
        tuner = self.tune_on_slurm(options=["bad"])
        self.assert_one_line(tuner.end(), 2, "study.toml", "slurm.options", "--name=value")
        tuner = self.start("tune", "study.toml", "--store", "s.db", "--cluster", "slurm")
        self.assert_one_line(tuner.end(), 2)
        self.write(slurm={"workers": 1})
        self.assert_one_line(self.start("tune", "study.toml", "--store", "s.db", "--cluster", "slurm").end(), 2, "PostgreSQL")
        with_password = self.store.replace("sm2@", "sm2:secret@")
        refused = self.start("tune", "study.toml", "--store", with_password, "--cluster", "slurm").end()
        self.assert_one_line(refused, 2, "PGPASSWORD")
        self.assertNotIn("secret", refused.err)

    def test_a_partition_that_is_not_there_is_said_and_tried_again(self) -> None:
        tuner = self.tune_on_slurm(partition="nowhere")
        until(lambda: "partition" in tuner.errors(), "a line about the partition")
        os.kill(tuner.pid, signal.SIGINT)
        self.assertEqual(tuner.end().status, 130)


class FaultTest(SlurmTest):
    def test_a_job_that_is_cancelled_gives_its_trial_back_and_is_replaced(self) -> None:
        tuner = self.tune_on_slurm(seconds=4)
        self.joined(tuner, 2)
        tuner.wait_for("^trial . +1 epoch")
        job = self.slurm.run("squeue", "-h", "-r", "-o", "%F_%K", "-t", "RUNNING").split()[0]
        self.slurm.run("scancel", "--signal=TERM", "--batch", job)
        until(lambda: "has left" in tuner.errors(), "a worker leaves", patience=30)
        self.joined(tuner, 3)
        self.assertEqual(tuner.end(patience=120).status, 0, tuner.errors())
        self.assert_whole(kills=1)
        self.no_job_is_left()

    def test_a_job_that_is_requeued_comes_back(self) -> None:
        tuner = self.tune_on_slurm(seconds=1, workers=1)
        self.joined(tuner, 1)
        tuner.wait_for("^trial . +1 epoch")
        job = self.slurm.run("squeue", "-h", "-r", "-o", "%F_%K").split()[0]
        self.slurm.run("scontrol", "requeue", job)
        time.sleep(1)
        self.slurm.run("scontrol", "update", f"JobId={job}", "StartTime=now")
        self.joined(tuner, 2)
        self.assertEqual(tuner.end(patience=120).status, 0, tuner.errors())
        self.assert_whole(kills=2)

    def test_a_node_that_fails_loses_nothing(self) -> None:
        tuner = self.tune_on_slurm(seconds=1, options=["--nodes=1", "--cpus-per-task=3"])
        self.joined(tuner, 2)
        tuner.wait_for("^trial . +1 epoch")
        self.slurm.kill("n2")
        self.addCleanup(self.slurm.start_node, "n2")
        self.assertEqual(tuner.end(patience=150).status, 0, tuner.errors())
        self.assertIn("is gone", tuner.errors())
        self.assert_whole(kills=2)

    def test_a_controller_that_restarts_is_not_noticed_by_trials(self) -> None:
        tuner = self.tune_on_slurm(seconds=2)
        self.joined(tuner, 2)
        self.slurm.wait_until_saved(self.slurm.run("squeue", "-h", "-r", "-o", "%F").split()[0])
        self.slurm.restart_controller()
        self.assertEqual(tuner.end(patience=120).status, 0, tuner.errors())
        self.assertNotIn("is gone", tuner.errors())
        self.assert_whole()
        self.no_job_is_left()

    def test_a_controller_that_forgot_that_jobs_run_loses_nothing(self) -> None:
        tuner = self.tune_on_slurm(seconds=1)
        self.joined(tuner, 2)
        self.slurm.restart_controller()
        self.assertEqual(tuner.end(patience=120).status, 0, tuner.errors())
        self.assert_whole(kills=2)
        self.no_job_is_left()


if __name__ == "__main__":
    unittest.main()
