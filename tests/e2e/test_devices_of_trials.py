"""GPUs that trials have for themselves: who gets which, what the program sees, whose the joules are."""

import json
import os
import sys
import time
import unittest
from pathlib import Path
from typing import Any, Optional

from sm2_binary import TRAINERS, Ended, Sm2Test, until

NVML = Path(os.environ["SM2_NVML_STANDIN"])
ROCM = Path(os.environ["SM2_ROCM_STANDIN"])
WATTS = {"gpu-0": 300, "gpu-1": 100}
TWO_GPUS = """
gpu
uuid GPU-a
power constant 300
gpu
uuid GPU-b
power constant 100
"""
MIG = """
gpu
uuid GPU-a
power constant 300
gpu
uuid GPU-b
power constant 350
mig 0 MIG-x 2
mig 2 MIG-y 3
"""
AMD = """
gpu AMD Instinct MI300X
unique_id 1a
pci 0000:c1:00.0
watts 0:300
power current
energy 15.259
counts_from 1000
cap 600 750
gpu AMD Instinct MI300X
unique_id 2b
pci 0000:c2:00.0
watts 0:100
power current
energy 15.259
counts_from 1000
cap 600 750
"""


class GivenTest(Sm2Test):
    def follow(self, script: str, visible: Optional[str] = None) -> None:
        (self.folder / "gpus").write_text(script)
        self.environment["LD_LIBRARY_PATH"] = str(NVML.parent)
        self.environment["SM2_NVML_SCRIPT"] = str(self.folder / "gpus")
        self.environment.pop("CUDA_VISIBLE_DEVICES", None)
        if visible is not None:
            self.environment["CUDA_VISIBLE_DEVICES"] = visible

    def write(self, devices: dict[str, Any], trials: int, seconds: float, sources: Optional[list[str]] = None) -> None:
        self.write_study(
            [sys.executable, str(TRAINERS / "gpu_user.py"), str(seconds), "--batch-size={batch_size}"],
            pattern="accuracy=(?P<accuracy>[0-9.]+)",
            space={"batch_size": {"values": list(range(1, 33))}},
            strategy={"name": "random", "candidates": trials},
            energy={"sources": sources or ["nvml"]},
            devices=devices,
        )

    def run_on(self, devices: dict[str, Any], trials: int = 1, workers: int = 1, seconds: float = 0) -> Ended:
        self.write(devices, trials, seconds)
        return self.sm2("tune", "study.toml", "--workers", str(workers))

    def seen(self, trial: int = 0) -> dict[str, str]:
        """What the program was shown, by variable."""
        lines = self.log(trial).decode().splitlines()
        return dict(line.split(" ", 1) for line in lines if not line.startswith("accuracy"))

    def names(self) -> list[list[str]]:
        return [[device["name"] for device in trial["devices"]] for trial in self.trials()]

    def assert_energy_is_that_of_its_devices(self, watts: dict[str, float], resolution: float = 0.1) -> None:
        for event in self.events("exited"):
            (own,) = [t["devices"] for t in self.trials() if t["trial"] == event["trial"]]
            self.assertEqual([r["domain"] for r in event["energy"]], [device["name"] for device in own])
            for reading in event["energy"]:
                power = watts[reading["domain"]]
                true = power * event["seconds"]
                self.assertAlmostEqual(reading["joules"], true, delta=resolution * power + 0.03 * true)
                self.assertNotIn("share", reading.get("note", ""))

    def assert_never_two_on_one(self) -> None:
        self.assertFalse((self.folder / "clash").exists(), "two trials had one GPU")


class NvidiaTest(GivenTest):
    def test_two_workers_have_a_gpu_each_and_its_joules(self) -> None:
        self.follow(TWO_GPUS)
        ended = self.run_on({"gpus": 1}, trials=4, workers=2, seconds=0.6)
        self.assertEqual((ended.status, ended.err), (0, ""), ended)
        self.assertEqual({name for (name,) in self.names()}, {"gpu-0", "gpu-1"})
        self.assert_energy_is_that_of_its_devices(WATTS)
        self.assert_never_two_on_one()
        launched = self.events("launched")
        self.assertEqual(len(launched), 4)
        self.assertIn("gpu 0000:0", launched[0]["devices"][0]["part"])
        self.assertEqual(self.sm2("report", "-o", "report.html").status, 0)
        report = (self.folder / "report.html").read_text()
        self.assertIn('data-name="devices">gpu-0<', report)
        self.assertIn('data-name="devices">gpu-1<', report)

    def test_one_after_the_other_they_take_turns(self) -> None:
        self.follow(TWO_GPUS)
        self.assertEqual(self.run_on({"gpus": 1}, trials=4).status, 0)
        self.assertEqual(self.names(), [["gpu-0"], ["gpu-1"], ["gpu-0"], ["gpu-1"]])

    def test_a_trial_with_two_gpus_has_the_joules_of_both(self) -> None:
        self.follow(TWO_GPUS)
        ended = self.run_on({"gpus": 2}, trials=2, workers=2, seconds=0.5)
        self.assertEqual(ended.status, 0, ended)
        self.assertIn("1 of 2 workers", ended.err)
        self.assertEqual(self.names(), [["gpu-0", "gpu-1"]] * 2)
        self.assertEqual(self.seen()["CUDA_VISIBLE_DEVICES"], "GPU-a,GPU-b")
        self.assert_energy_is_that_of_its_devices(WATTS)
        for trial, event in zip(self.trials(), self.events("exited")):
            self.assertAlmostEqual(trial["joules"], sum(reading["joules"] for reading in event["energy"]))
        self.assert_never_two_on_one()

    def test_three_workers_on_two_gpus_are_two(self) -> None:
        self.follow(TWO_GPUS)
        ended = self.run_on({"gpus": 1}, trials=6, workers=3, seconds=0.2)
        self.assert_one_line(ended, 0, "2 of 3 workers", "2 GPUs, 1 a trial", "devices.share")
        self.assert_never_two_on_one()
        self.assert_energy_is_that_of_its_devices(WATTS)

    def test_what_is_shared_is_divided(self) -> None:
        self.follow(TWO_GPUS)
        ended = self.run_on({"gpus": 1, "use": ["1"], "share": True}, trials=2, workers=2, seconds=1)
        self.assertEqual((ended.status, ended.err), (0, ""), ended)
        self.assertEqual(self.names(), [["gpu-1"]] * 2)
        self.assertTrue((self.folder / "clash").exists(), "both were on it at once")
        self.assertIn("a share", self.events("exited")[0]["energy"][0]["note"])

    def test_a_program_is_shown_its_own_and_no_others(self) -> None:
        self.follow(TWO_GPUS, visible="1,0")
        self.environment["SM2_DEVICES"] = "an outer study's"
        self.assertEqual(self.run_on({"gpus": 1, "use": ["gpu-1"]}).status, 0)
        seen = self.seen()
        self.assertEqual((seen["CUDA_VISIBLE_DEVICES"], seen["CUDA_DEVICE_ORDER"]), ("GPU-b", "PCI_BUS_ID"))
        self.assertEqual(json.loads(seen["SM2_DEVICES"]), [{"name": "gpu-1", "id": "GPU-b"}])
        self.assertEqual(json.loads(seen["SM2_DEVICES"]), self.trials()[0]["devices"])

    def test_a_trial_may_have_none(self) -> None:
        self.follow(TWO_GPUS)
        self.write({"gpus": 0}, trials=2, seconds=0, sources=["auto"])
        ended = self.sm2("tune", "study.toml", "--workers", "2")
        self.assertEqual((ended.status, ended.err), (0, ""), ended)
        seen = self.seen()
        self.assertEqual((seen["CUDA_VISIBLE_DEVICES"], seen["ROCR_VISIBLE_DEVICES"]), ("-1", "(unset)"))
        self.assertEqual(self.names(), [[], []])
        self.assertNotIn("nvml", json.dumps(self.events("exited")))

    def test_without_the_table_nothing_is_hidden(self) -> None:
        self.follow(TWO_GPUS)
        self.assertEqual(self.run_on({}).status, 0)
        self.assertEqual({self.seen()[name] for name in ("CUDA_VISIBLE_DEVICES", "SM2_DEVICES")}, {"(unset)"})
        self.assertIsNone(self.trials()[0]["devices"])
        self.assertNotIn("devices", self.events("launched")[0])
        self.assertEqual([r["domain"] for r in self.events("exited")[0]["energy"]], ["gpu-0", "gpu-1"])

    def test_gpus_are_named_in_many_ways(self) -> None:
        for name in ("GPU-b", "1", "gpu-1", "00000000:01:00.0"):
            with self.subTest(name):
                self.follow(TWO_GPUS)
                self.assertEqual(self.run_on({"use": [name]}).status, 0)
                self.assertEqual(self.seen()["CUDA_VISIBLE_DEVICES"], "GPU-b")
                self.assertEqual([r["domain"] for r in self.events("exited")[0]["energy"]], ["gpu-1"])
                self.afresh()

    def test_mig_instances_are_devices(self) -> None:
        self.follow(MIG)
        ended = self.run_on({"gpus": 1, "use": ["1"]}, trials=2, workers=2, seconds=0.5)
        self.assertEqual((ended.status, ended.err), (0, ""), ended)
        self.assertEqual(sorted(self.names()), [["gpu-1/mig-0"], ["gpu-1/mig-2"]])
        self.assertEqual({self.seen(trial)["CUDA_VISIBLE_DEVICES"] for trial in (0, 1)}, {"MIG-x", "MIG-y"})
        self.assert_never_two_on_one()
        self.assertEqual({trial["quality"] for trial in self.trials()}, {"modelled"})
        self.assert_energy_is_that_of_its_devices({"gpu-1/mig-0": 100, "gpu-1/mig-2": 150})
        self.assertIn("compute slices", self.events("exited")[0]["energy"][0]["note"])

    def test_what_cannot_be_is_one_line_that_lists_what_is_there(self) -> None:
        self.follow(MIG)
        there = "gpu-0 GPU-a (NVIDIA Stand-in), gpu-1/mig-0 MIG-x (NVIDIA Stand-in)"
        for devices, parts in (
            ({"gpus": 4}, ("study.toml:", "devices.gpus: a trial is to have 4 GPUs", there)),
            ({"use": ["7"]}, ("study.toml:", "devices.use: '7' is no GPU here", there)),
            ({"gpus": 2}, ("devices.gpus", "one MIG instance at a time")),
            ({"use": ["0", "GPU-a"]}, ("devices.use", "a second time")),
            ({"gpus": 0, "use": ["0"]}, ("devices.use", "gpus = 0")),
        ):
            with self.subTest(devices):
                self.assert_one_line(self.run_on(devices), 2, *parts)
        self.assertFalse((self.folder / "sm2.db").exists())

    def test_the_callers_choice_restricts(self) -> None:
        self.follow(TWO_GPUS, visible="1")
        ended = self.run_on({"gpus": 1}, trials=2, workers=2)
        self.assertEqual(ended.status, 0)
        self.assertIn("1 of 2 workers", ended.err)
        self.assertEqual(self.names(), [["gpu-1"]] * 2)
        self.afresh()
        self.follow(TWO_GPUS, visible="1")
        self.assert_one_line(self.run_on({"use": ["0"]}), 2, "'0' is hidden by CUDA_VISIBLE_DEVICES")

    def test_a_gpu_that_is_lost_is_given_to_nobody_any_more(self) -> None:
        self.follow(TWO_GPUS + "at 2 * GPU_IS_LOST\n")
        ended = self.run_on({"gpus": 1}, trials=6, workers=2, seconds=1)
        self.assertEqual(ended.status, 0, ended)
        lines = [line for line in ended.err.splitlines() if "no trial is given gpu-1 (GPU-b) any more" in line]
        self.assertEqual(len(lines), 1, ended.err)
        self.assertIn("lost", lines[0])
        trials = self.trials()
        self.assertEqual(self.names()[-2:], [["gpu-0"]] * 2)
        unknown = [trial for trial in trials if trial["joules"] is None]
        self.assertEqual([trial["devices"][0]["name"] for trial in unknown], ["gpu-1"])
        self.assert_never_two_on_one()

    def test_with_no_gpu_left_it_is_interrupted_and_goes_on(self) -> None:
        self.follow("gpu\nuuid GPU-a\npower constant 100\nat 1 * GPU_IS_LOST\n")
        ended = self.run_on({"gpus": 1}, trials=3, seconds=1)
        self.assertEqual(ended.status, 130, ended)
        self.assertIn("no trial is given gpu-0", ended.err)
        self.assertIn("too few devices", self.json("show")["reason"])
        self.follow("gpu\nuuid GPU-a\npower constant 100\n")
        self.assertEqual(self.sm2("tune", "study.toml").status, 0)
        self.assertEqual(self.names(), [["gpu-0"]] * 3)

    def test_after_a_kill_a_trial_goes_on_where_it_was(self) -> None:
        self.follow(TWO_GPUS)
        self.write({"gpus": 1}, trials=4, seconds=0.5)
        running = self.start("tune", "study.toml", "--workers", "2")
        until(lambda: len(list(self.folder.glob("lock-GPU-*"))) == 2, "two trials run")
        time.sleep(0.2)
        running.kill()
        self.assert_nothing_left()
        ended = self.sm2("tune", "study.toml", "--workers", "2")
        self.assertEqual((ended.status, ended.err), (0, ""), ended)
        self.assert_never_two_on_one()
        on: dict[int, set[str]] = {}
        for event in self.events("launched"):
            on.setdefault(event["trial"], set()).add(event["devices"][0]["id"])
        self.assertEqual(sorted(on), [0, 1, 2, 3])
        self.assertEqual([on[0], on[1]], [{"GPU-a"}, {"GPU-b"}])


class AmdTest(GivenTest):
    def test_amd_gpus_are_given_too(self) -> None:
        (self.folder / "gpus").write_text(AMD)
        card = Path(self.environment["SM2_SYSFS"]) / "class" / "drm" / "card0" / "device"
        card.mkdir(parents=True)
        (card / "vendor").write_text("0x1002\n")
        self.environment["LD_LIBRARY_PATH"] = str(ROCM.parent)
        self.environment["SM2_ROCM_SCRIPT"] = str(self.folder / "gpus")
        self.write({"gpus": 1}, trials=4, seconds=0.5, sources=["rocm"])
        ended = self.sm2("tune", "study.toml", "--workers", "2")
        self.assertEqual((ended.status, ended.err), (0, ""), ended)
        self.assert_never_two_on_one()
        self.assertEqual({name for (name,) in self.names()}, {"amdgpu-0", "amdgpu-1"})
        self.assert_energy_is_that_of_its_devices({"amdgpu-0": 300, "amdgpu-1": 100}, resolution=0.02)
        seen = self.seen()
        self.assertEqual(seen["ROCR_VISIBLE_DEVICES"], self.trials()[0]["devices"][0]["id"])
        self.assertEqual((seen["HIP_VISIBLE_DEVICES"], seen["CUDA_VISIBLE_DEVICES"]), ("0", "-1"))


if __name__ == "__main__":
    unittest.main()
