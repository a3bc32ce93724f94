"""Ctrl-C and its kin: the study pauses in order, and the same command goes on to the end."""

import os
import signal
import subprocess
import time
import unittest

from sm2_binary import BINARY, PATIENCE, Ended, Running, Sm2Test, learner, printing, wrong

RUNGS = {"unit": "epoch", "min": 2, "max": 8}
HALVING = {"name": "successive-halving", "candidates": 4}
ONE = {"name": "random", "candidates": 1}


class InterruptTest(Sm2Test):
    def begin(self) -> None:
        self.write_study(learner("--epoch-seconds=0.1", "--diary=diary"), resource=RUNGS, strategy=HALVING)
        self.running = self.start("tune", "study.toml")
        self.running.wait_for("^trial . +1 epoch")

    def assert_interrupted(self) -> None:
        begun = time.monotonic()
        ended = self.running.end()
        self.assert_nothing_left(patience=0)
        self.assertLess(time.monotonic() - begun, 10)
        self.assertEqual((ended.status, ended.err), (130, ""), ended)
        self.assertIn("interrupted; nothing is lost: sm2 tune study.toml goes on", ended.out)
        self.assertEqual(self.json("show")["state"], "interrupted")
        self.assertEqual(self.events("closed")[-1]["state"], "interrupted")

    def assert_goes_on_to_the_end(self) -> None:
        ended = self.sm2("tune", "study.toml")
        self.assertEqual((ended.status, ended.err), (0, ""), ended)
        shown = self.json("show")
        self.assertEqual((shown["state"], shown["trials"]["finished"], shown["trials"]["stopped"]), ("finished", 1, 3))
        diary = (self.folder / "diary").read_text().splitlines()
        self.assertEqual(len(diary), len(set(diary)), "an epoch was trained twice")

    def test_ctrl_c_pauses_in_order(self) -> None:
        self.begin()
        self.running.press_ctrl_c()
        self.assert_interrupted()
        self.assertIn(self.events("exited")[-1]["outcome"], ("interrupted", "paused"))
        checkpoint = self.events("checkpointed")[-1]
        resources = {trial["trial"]: trial["resource"] for trial in self.trials()}
        self.assertEqual(resources[checkpoint["trial"]], checkpoint["resource"])
        self.assert_goes_on_to_the_end()

    def test_sigterm_and_sighup_do_the_same(self) -> None:
        for number in (signal.SIGTERM, signal.SIGHUP):
            with self.subTest(signal=number):
                self.afresh()
                self.begin()
                os.kill(self.running.pid, number)
                self.assert_interrupted()
                self.assert_goes_on_to_the_end()

    def test_what_no_checkpoint_holds_is_said_to_be_trained_again(self) -> None:
        program = printing(": {batch_size}; for i in 1 2 3 4 5 6 7 8; do echo accuracy=0.$i; sleep 0.2; done")
        self.write_study(program["command"], pattern=program["pattern"], strategy=ONE, resource=RUNGS)
        self.running = self.start("tune", "study.toml")
        self.running.wait_for("^trial . +1 epoch")
        self.running.press_ctrl_c()
        ended = self.running.end()
        self.assertEqual((ended.status, ended.err), (130, ""), ended)
        self.assertIn(
            "interrupted; every report is stored, and 1 trial trains again what no checkpoint holds: sm2 tune study.toml goes on", ended.out
        )

    def test_it_may_be_interrupted_again_and_again(self) -> None:
        self.begin()
        for _ in range(3):
            self.running.press_ctrl_c()
            self.assert_interrupted()
            self.running = self.start("tune", "study.toml")
            self.running.wait_for("^trial . +[0-9]+ epoch")
        self.assertEqual(self.running.end().status, 0)
        self.assertEqual(self.json("show")["state"], "finished")

    def test_a_program_that_does_not_listen_is_ended(self) -> None:
        self.write_study(wrong("stubborn"), strategy=ONE, limits={"grace": "200 ms"})
        self.running = self.start("tune", "study.toml")
        self.running.wait_for("^trial 0 starts")
        time.sleep(0.3)
        self.running.press_ctrl_c()
        self.assert_interrupted()

    def test_a_second_ctrl_c_leaves_at_once(self) -> None:
        self.write_study(wrong("stubborn"), strategy=ONE, limits={"grace": "1 h"})
        self.running = self.start("tune", "study.toml")
        self.running.wait_for("^trial 0 starts")
        time.sleep(0.3)
        self.running.press_ctrl_c()
        time.sleep(0.3)
        self.assertIsNone(self.running.process.poll(), "the first one waits for the program")
        self.running.press_ctrl_c()
        self.assert_interrupted()

    def test_interrupted_before_the_first_result(self) -> None:
        """Also where the program has not said hello yet."""
        self.write_study(learner("--epoch-seconds=0.5"), strategy=ONE)
        self.running = self.start("tune", "study.toml")
        self.running.wait_for("^trial 0 starts")
        self.running.press_ctrl_c()
        self.assert_interrupted()
        self.assertEqual(self.sm2("tune", "study.toml").status, 0)
        self.assertEqual(self.trials()[0]["evaluations"], 1)


class ClosedOutputTest(Sm2Test):
    def test_the_study_goes_on_when_nobody_reads_its_output(self) -> None:
        """As in `sm2 tune study.toml | head -1`."""
        self.write_study(learner(), strategy=HALVING, resource=RUNGS)
        shell = subprocess.run(
            ["/bin/bash", "-o", "pipefail", "-c", '"$0" tune study.toml | head -1', BINARY],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            timeout=PATIENCE,
        )
        self.assertEqual(self.json("show")["state"], "finished")
        self.assertEqual(shell.returncode, 0)


class StoppedTest(Sm2Test):
    """Ctrl-Z and fg: a program whose evaluation nobody read meanwhile waited, and that time is none of its own."""

    def test_no_limit_counts_the_time_in_which_the_tuner_was_stopped(self) -> None:
        for limit in ({"silence": "2 s"}, {"wall": "6 s"}, {"time": "6 s"}):
            with self.subTest(limit=limit):
                self.afresh()
                self.write_study(learner("--epoch-seconds=0.4"), resource={"unit": "epoch", "max": 4}, strategy=ONE, limits=limit)
                running = self.start("tune", "study.toml")
                running.wait_for("^trial 0 +1 epoch")
                os.kill(running.pid, signal.SIGSTOP)
                time.sleep(8)  # of which up to 2 s, one wait of the tuner's, count
                os.kill(running.pid, signal.SIGCONT)
                self.assertEqual(running.end().status, 0)
                (trial,) = self.trials()
                self.assertEqual((trial["state"], trial["resource"]), ("finished", 4), trial)


class IgnoredSignalsTest(Sm2Test):
    """SIGCHLD may be ignored where sm2 is started: a shell that says trap '' CHLD, or a supervisor."""

    def start(self, *arguments: str) -> Running:
        before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        try:
            return super().start(*arguments)
        finally:
            signal.signal(signal.SIGCHLD, before)

    def end(self, running: Running) -> Ended:
        return running.end(20)

    def test_tune_hears_of_its_programs_ends(self) -> None:
        self.write_study(learner(), strategy=ONE)
        self.assertEqual(self.end(self.start("tune", "study.toml")).status, 0)

    def test_measure_hears_of_its_commands_end(self) -> None:
        self.assertEqual(self.end(self.start("measure", "--", "/bin/sh", "-c", "exit 3")).status, 3)


if __name__ == "__main__":
    unittest.main()
