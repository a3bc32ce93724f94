"""NVIDIA and AMD GPUs, through stand-ins of the vendors' libraries that follow a script."""

import contextlib
import json
import os
import random
import signal
import subprocess
import time
import unittest
from pathlib import Path
from typing import Any, Optional

from sm2_binary import BINARY, PATIENCE, Running, Sm2Test, learner, printing, until

NVML = Path(os.environ["SM2_NVML_STANDIN"])
ROCM = Path(os.environ["SM2_ROCM_STANDIN"])
SEED = int(os.environ.get("CRASH_SEED", random.SystemRandom().randrange(1_000_000)))
TWO_GPUS = """
gpu
power constant 250
counter-start 5000000
limits 100 400 400
gpu
power constant 80
limits 100 400 400
"""


class NvmlTest(Sm2Test):
    def follow(self, script: str, visible: Optional[str] = None) -> None:
        (self.folder / "gpus").write_text(f"limits-file {self.folder / 'limits'}\n{script}")
        self.environment["LD_LIBRARY_PATH"] = str(NVML.parent)
        self.environment["SM2_NVML_SCRIPT"] = str(self.folder / "gpus")
        self.environment.pop("CUDA_VISIBLE_DEVICES", None)
        if visible is not None:
            self.environment["CUDA_VISIBLE_DEVICES"] = visible

    def measured(self, *arguments: str) -> dict[str, Any]:
        ended = self.sm2("measure", "--json", *arguments)
        self.assertEqual((ended.status, ended.err), (0, ""), ended)
        return json.loads(ended.out.splitlines()[-1])

    def test_a_counter_is_right_within_its_resolution(self) -> None:
        self.follow(TWO_GPUS)
        measured = self.measured("--source", "nvml", "--", "sleep", "1")
        true = (250 + 80) * measured["seconds"]
        self.assertLessEqual(abs(measured["joules"] - true), 0.1 * (250 + 80) + 0.01 * true, measured)
        self.assertLessEqual(abs(measured["joules"] - true), measured["joules_error"], measured)
        self.assertEqual(measured["quality"], "measured")
        self.assertEqual([domain["name"] for domain in measured["domains"]], ["gpu-0", "gpu-1"])
        self.assertEqual({domain["method"] for domain in measured["domains"]}, {"counter"})

    def test_a_gpu_without_a_counter_is_not_zero(self) -> None:
        self.follow("gpu\ncounter off\naverage 100\narchitecture turing\npower constant 200\n")
        measured = self.measured("--source", "nvml", "--", "sleep", "1")
        self.assertLessEqual(abs(measured["joules"] - 200 * measured["seconds"]), 0.05 * 200, measured)
        self.assertEqual(measured["domains"][0]["method"], "power")

    def test_square_waves_are_integrated(self) -> None:
        self.follow("gpu\ncounter off\naverage 100\narchitecture turing\npower square 50 350 7 0.5\n")
        measured = self.measured("--source", "nvml", "--", "sleep", "3")
        true = 200 * measured["seconds"]
        self.assertLessEqual(abs(measured["joules"] - true), measured["joules_error"], measured)
        self.assertLessEqual(abs(measured["joules"] - true), 0.1 * true, measured)

    def test_auto_adds_gpus_to_the_processors(self) -> None:
        self.follow(TWO_GPUS, visible="1")
        measured = self.measured("--", "sleep", "0.3")
        self.assertEqual([domain["source"] for domain in measured["domains"]], ["nvml", "cpu-model"])
        self.assertEqual(measured["domains"][0]["name"], "gpu-1")
        self.assertEqual(measured["quality"], "modelled")

    def test_a_lost_gpu_spoils_no_other_and_is_named(self) -> None:
        self.follow("gpu\nat 0 * GPU_IS_LOST\ngpu\npower constant 80\n")
        measured = self.measured("--source", "nvml", "--", "sleep", "0.3")
        self.assertEqual([domain["name"] for domain in measured["domains"]], ["gpu-1"])
        self.assertIn("lost", measured["missing"][0]["reason"])
        text = self.sm2("measure", "--source", "nvml", "--", "sleep", "0.3")
        self.assertIn("lost", text.err)

    def test_a_gpu_that_gets_lost_makes_the_energy_unknown(self) -> None:
        self.follow("gpu\npower constant 80\nat 0.4 * GPU_IS_LOST\n")
        measured = self.measured("--source", "nvml", "--", "sleep", "0.8")
        self.assertIsNone(measured["joules"])
        self.assertIn("lost", measured["note"])

    def test_a_reload_of_the_driver_is_never_a_wrong_figure(self) -> None:
        self.follow("reload 0.4\ngpu\npower constant 80\n")
        measured = self.measured("--source", "nvml", "--", "sleep", "0.8")
        self.assertIsNone(measured["joules"])
        self.assertIn("reset", measured["note"])

    def test_a_mig_instance_is_a_share(self) -> None:
        mig = "MIG-11111111-0000-0000-0000-000000000000"
        self.follow(f"gpu\npower constant 350\nmig 0 {mig} 2\n", visible=mig)
        measured = self.measured("--source", "nvml", "--", "sleep", "1")
        self.assertEqual(measured["quality"], "modelled")
        self.assertAlmostEqual(measured["joules"], 100 * measured["seconds"], delta=20)

    def test_devices_says_what_is_read_and_what_is_not(self) -> None:
        self.follow(TWO_GPUS + "gpu\nat 0 * GPU_IS_LOST\n")
        ended = self.sm2("devices")
        self.assertEqual(ended.status, 0)
        for word in ("gpu-0", "gpu-1", "lost", "counter"):
            self.assertIn(word, ended.out)

    # ---- power limits ----

    def all_limits(self) -> list[float]:
        """As the driver has them now, in watts; what is kept is a line a GPU: UUID and milliwatts."""
        kept = self.folder / "limits"
        lines = kept.read_text().splitlines() if kept.exists() else []
        return [int(line.split()[-1]) / 1000 for line in lines]

    def limit(self) -> float:
        return next(iter(self.all_limits()), 400)

    def test_a_power_limit_ends_with_the_command(self) -> None:
        self.follow(TWO_GPUS)
        ended = self.sm2("measure", "--power-limit", "250 W", "--", "/bin/sh", "-c", f"cp {self.folder}/limits seen")
        self.assertEqual(ended.status, 0, ended)
        self.assertIn("250000", (self.folder / "seen").read_text())
        self.assertEqual(self.limit(), 400)

    def test_a_power_limit_ends_with_sigterm(self) -> None:
        self.follow(TWO_GPUS)
        running = self.start("measure", "--power-limit", "250 W", "--", "sleep", "60")
        until(lambda: self.limit() == 250, "the limit is set")
        running.process.send_signal(signal.SIGTERM)
        self.assertEqual(running.end().status, 128 + signal.SIGTERM)
        self.assertEqual(self.limit(), 400)

    def test_the_next_start_undoes_what_a_kill_left_over(self) -> None:
        self.follow(TWO_GPUS)
        running = self.start("measure", "--power-limit", "250 W", "--", "sleep", "60")
        until(lambda: self.limit() == 250, "the limit is set")
        time.sleep(0.1)
        running.kill()
        self.assert_nothing_left()
        self.assertEqual(self.limit(), 250, "nobody was there to undo it")
        self.assertEqual(self.sm2("measure", "--", "true").status, 0)
        self.assertEqual(self.limit(), 400)

    def test_devices_undoes_what_a_kill_left_over_too(self) -> None:
        self.follow(TWO_GPUS)
        running = self.start("measure", "--power-limit", "250 W", "--", "sleep", "60")
        until(lambda: self.limit() == 250, "the limit is set")
        time.sleep(0.1)
        running.kill()
        self.assert_nothing_left()
        self.assertEqual(self.sm2("devices").status, 0)
        self.assertEqual(self.limit(), 400)

    def noted(self) -> list[dict[str, Any]]:
        """What owners of a limit have left for the next start, in case that they are killed."""
        notes = []
        for file in Path(self.environment["XDG_STATE_HOME"], "sm2").glob("*.json"):
            with contextlib.suppress(FileNotFoundError):  # it was undone meanwhile
                text = file.read_text()
                notes += [json.loads(text)] if text else []
        return notes

    def to_be_undone(self) -> list[float]:
        return [note["previous_mw"] / 1000 for note in self.noted()]

    def assert_as_before(self) -> None:
        self.assertEqual(set(self.all_limits()) - {400}, set())
        self.assertEqual(self.to_be_undone(), [])

    def kill(self, running: Running) -> bool:
        """Whether it had limited a GPU. What it left for the next start is the limit from before the first one."""
        running.kill()
        limited = set(self.all_limits()) - {400}
        self.assertEqual(set(self.to_be_undone()) - {400}, set())
        if limited:
            self.assertTrue(self.to_be_undone(), "a limit is left over, and nothing says what to undo")
        return bool(limited)

    def test_kills_around_the_moment_when_a_limit_is_set_leave_nothing_for_good(self) -> None:
        """The next start, at once, takes the GPUs over and goes by the limits that were there before the first."""
        print(f"CRASH_SEED={SEED}", flush=True)
        self.follow(TWO_GPUS)
        moments = random.Random(SEED)
        limited = 0
        for kill in range(40):
            running = self.start("measure", "--power-limit", "250 W", "--", "sleep", "60")
            if kill % 4 == 0:
                until(lambda: running.pid in [note["pid"] for note in self.noted()], "it is about to set a limit")
            time.sleep(moments.uniform(0.0, 0.06))
            self.assertIsNone(running.process.poll(), running.errors())
            limited += self.kill(running)
        self.assertGreater(limited, 0)
        self.assert_nothing_left()
        self.assertEqual(self.sm2("devices").status, 0)
        self.assert_as_before()

    def test_a_limit_that_is_tuned_is_undone_after_kills_at_random_moments(self) -> None:
        print(f"CRASH_SEED={SEED}", flush=True)
        self.follow(TWO_GPUS)
        moments = random.Random(SEED)
        self.write_study(
            learner("--epoch-seconds=30", "--steps=600"),
            resource={"unit": "epoch", "max": 64},
            space={"batch_size": {"values": [8, 16]}, "learning_rate": {"values": [0.1, 0.2, 0.4]}},
            strategy={"name": "sm2"},
            energy={"sources": ["nvml"], "power_limit": "tune"},
        )
        limited = 0
        for kill in range(15):
            running = self.start("tune", "study.toml")
            if kill % 3 == 0:
                until(lambda: self.limit() < 400, "a lower limit is tried")
            time.sleep(moments.uniform(0.0, 0.6))
            self.assertIsNone(running.process.poll(), running.errors())
            limited += self.kill(running)
            if moments.random() < 0.5:
                self.assertEqual(self.sm2("devices").status, 0)
                self.assert_as_before()
        self.assertGreaterEqual(limited, 1)
        running = self.start("tune", "study.toml")
        until(lambda: self.limit() < 400, "a lower limit is tried")
        running.press_ctrl_c()
        self.assertEqual(running.end().status, 130)
        self.assert_as_before()

    def test_a_power_limit_ends_when_nobody_reads_the_output_any_more(self) -> None:
        self.follow(TWO_GPUS)
        asked = [BINARY, "measure", "--json", "--power-limit", "250 W", "--interval", "50 ms", "--", "sleep", "0.5"]
        with subprocess.Popen(asked, cwd=self.folder, env=self.environment, stdout=subprocess.PIPE) as process:
            assert process.stdout
            process.stdout.readline()
            process.stdout.close()
            self.assertEqual(process.wait(PATIENCE), 0)
        self.assertEqual(self.limit(), 400)

    def test_a_counter_that_stands_still_is_not_zero(self) -> None:
        self.follow("gpu\npower constant 80\ncounter stuck\n")
        measured = self.measured("--source", "nvml", "--", "sleep", "1.5")
        self.assertIsNone(measured["joules"])

    def test_a_limit_that_the_gpu_does_not_allow_is_refused_with_its_range(self) -> None:
        self.follow(TWO_GPUS)
        ended = self.sm2("measure", "--power-limit", "50 W", "--", "touch", "ran")
        self.assertEqual(ended.status, 2)
        self.assertIn("100", ended.err)
        self.assertIn("400", ended.err)
        self.assertEqual(len(ended.err.splitlines()), 1, ended.err)
        self.assertFalse((self.folder / "ran").exists())

    def test_a_study_limits_its_gpus_and_meters_them(self) -> None:
        self.follow(TWO_GPUS)
        shell = printing(": {batch_size}; sleep 0.3; cat limits >seen; echo accuracy=0.5")
        ended = self.tune(**shell, energy={"sources": ["nvml"], "power_limit": "250 W", "idle": {"gpu-0": "50 W"}})
        self.assertEqual(ended.status, 0, ended)
        self.assertIn("250000", (self.folder / "seen").read_text())
        self.assertEqual(self.limit(), 400)
        (first, second) = self.trials()
        self.assertGreater(first["joules"], 330 * 0.2)
        self.assertIn("nvml", self.events("opened")[0]["sources"][0])
        self.assertEqual(self.events("opened")[0]["idle"], {"gpu-0": 50})


class RocmTest(Sm2Test):
    def follow(self, script: str) -> None:
        (self.folder / "gpus").write_text(script)
        card = Path(self.environment["SM2_SYSFS"]) / "class" / "drm" / "card0" / "device"
        card.mkdir(parents=True)
        (card / "vendor").write_text("0x1002\n")
        self.environment["LD_LIBRARY_PATH"] = str(ROCM.parent)
        self.environment["SM2_ROCM_SCRIPT"] = str(self.folder / "gpus")

    def test_a_library_that_finds_no_gpu_is_named_and_does_no_harm(self) -> None:
        self.follow("init 8\n")
        ended = self.sm2("devices", "--json")
        self.assertEqual(ended.status, 0)
        rocm = next(source for source in json.loads(ended.out)["sources"] if source["name"] == "rocm")
        self.assertFalse(rocm["usable"])


if __name__ == "__main__":
    unittest.main()
