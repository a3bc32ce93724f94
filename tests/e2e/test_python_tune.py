"""sm2.tune() of the Python package, and the PyTorch example, with the real sm2."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import unittest
from typing import Any

from sm2_binary import BINARY, PATIENCE, ROOT, TRAINERS, Sm2Test, until, with_mark

SCRIPT = str(TRAINERS / "by_function.py")


class PythonTuneTest(Sm2Test):
    def run_script(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *words], cwd=self.folder, env=self.given(), capture_output=True, text=True, timeout=PATIENCE
        )

    def given(self, **variables: str) -> dict[str, str]:
        return {**self.environment, "SM2_BINARY": BINARY, **variables}

    def found(self, ended: subprocess.CompletedProcess[str]) -> dict[str, Any]:
        self.assertEqual(ended.returncode, 0, ended.stderr)
        found: dict[str, Any] = json.loads(ended.stdout)
        return found

    def test_a_functions_yielded_metrics_decide(self) -> None:
        found = self.found(self.run_script(SCRIPT, "epochs", "--kinds"))
        self.assertEqual((found["params"]["size"], found["metric"], found["decided"]), (2, 0.999665, True))
        self.assertGreater(found["total_joules"], found["joules"])
        self.assertEqual(len(found["trials"]), 4)
        self.assertEqual({trial["params"]["kind"] for trial in found["trials"]}, {"a {b}", 'quote " and \\ \n line'})
        self.assertGreater(len([trial for trial in found["trials"] if trial["state"] == "stopped"]), 1)
        self.assertIn("accuracy", (self.folder / "report.html").read_text())
        self.assertEqual(self.found(self.run_script(SCRIPT, "epochs", "--kinds")), found)  # finished: nothing is trained again

    def test_a_returned_metric_is_that_of_the_whole_training(self) -> None:
        found = self.found(self.run_script(SCRIPT, "end"))
        self.assertEqual({trial["resource"] for trial in found["trials"]}, {4})
        self.assertEqual(found["metric"], 0.999665)

    def test_a_memory_error_is_out_of_memory(self) -> None:
        found = self.found(self.run_script(SCRIPT, "memory"))
        failed = [trial for trial in found["trials"] if trial["state"] == "failed"]
        self.assertEqual([trial["params"]["size"] for trial in failed], [8])
        for trial in failed:
            self.assertIn("memory", trial["reason"])

    def test_a_script_without_a_guard_is_named_and_no_study_begun(self) -> None:
        script = "import sm2\ndef train(trial): return 1.0\nsm2.tune(train, {'size': [1, 2]}, metric='accuracy', name='s')\n"
        (self.folder / "script.py").write_text(script)
        ended = self.run_script("script.py")
        self.assertEqual(ended.returncode, 1)
        self.assertIn('put the call under if __name__ == "__main__":', ended.stderr.splitlines()[-1])
        self.assertFalse((self.folder / "sm2.db").exists())

    def test_ends_the_tuner_when_it_is_interrupted_or_killed_and_goes_on(self) -> None:
        for ending in (signal.SIGINT, signal.SIGKILL):
            process = subprocess.Popen(
                [sys.executable, SCRIPT, "epochs"],
                cwd=self.folder,
                env=self.given(E2E_EPOCH_SECONDS="0.3"),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            self.addCleanup(process.wait)
            self.addCleanup(process.kill)
            until(lambda: list((self.folder / "sm2.trials").glob("s/*/checkpoints/c")), "a checkpoint")
            process.send_signal(ending)
            self.assertEqual(process.wait(PATIENCE), -ending)
            until(lambda: not with_mark(self.mark), "the end of the tuner and of its trial")
        found = self.found(self.run_script(SCRIPT, "epochs"))
        self.assertEqual((found["metric"], len(found["trials"])), (0.999665, 2))


def python_with_torch() -> str:
    for candidate in (sys.executable, "/usr/bin/python3"):
        if shutil.which(candidate):
            ended = subprocess.run([candidate, "-c", "import torch"], capture_output=True, check=False)
            if ended.returncode == 0:
                return candidate
    return ""


class PyTorchTest(Sm2Test):
    def test_the_example_is_paused_and_goes_on_to_the_end(self) -> None:
        python = python_with_torch()
        if not python:
            self.skipTest("no Python here has PyTorch")
        self.write_study(
            [python, str(ROOT / "examples" / "python" / "pytorch.py"), "--batch-size={batch_size}", "--epochs=4"],
            metric={"name": "val_accuracy", "goal": "maximize"},
            resource={"unit": "epoch", "min": 1, "max": 4},
            space={"batch_size": {"values": [32, 512]}},
            strategy={"name": "successive-halving", "eta": 4},
        )
        ended = self.sm2("tune", "study.toml", patience=2 * PATIENCE)
        self.assertEqual((ended.status, ended.err), (0, ""), ended)
        trials = self.trials()
        self.assertEqual([trial["evaluations"] for trial in trials if trial["state"] == "finished"], [4])
        self.assertEqual([trial["resource"] for trial in trials if trial["state"] == "stopped"], [1])
        evaluated = self.log(self.json("best")["trial"]).decode().split("epoch=")[1:]
        self.assertEqual([line.split()[0] for line in evaluated], ["1", "2", "3", "4"])  # none was trained twice


if __name__ == "__main__":
    unittest.main()
