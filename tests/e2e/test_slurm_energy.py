"""The source "slurm" on a real Slurm that gathers energy: its plugin for Cray's counters, on counters of the test's."""

import atexit
import json
import shutil
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

from slurm_cluster import SlurmCluster
from sm2_binary import BINARY, Running
from test_worker import WorkerTest

WATTS = 200
GATHERED = """
AcctGatherEnergyType=acct_gather_energy/pm_counters
AcctGatherNodeFreq=1
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1,energy=1
"""


class Counters:
    """/sys/cray/pm_counters of a node that always uses WATTS."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="sm2-counters-"))
        atexit.register(shutil.rmtree, self.folder, ignore_errors=True)
        self.library = self.folder / "pm_counters.so"
        source = Path(__file__).with_name("pm_counters.c")
        subprocess.run(["cc", "-shared", "-fPIC", "-o", self.library, source, "-ldl"], check=True, timeout=60)
        self._started = time.time()
        self._count()
        threading.Thread(target=self._go_on, daemon=True).start()

    def _go_on(self) -> None:
        while True:
            time.sleep(0.1)
            self._count()

    def _count(self) -> None:
        now = time.time()
        at = f"{now * 1e6:.0f} us"
        self._write("energy", f"{100_000 + WATTS * (now - self._started):.0f} J {at}\n")
        self._write("power", f"{WATTS} W {at}\n")

    def _write(self, name: str, text: str) -> None:
        (self.folder / f".{name}").write_text(text)
        (self.folder / f".{name}").replace(self.folder / name)


class SlurmEnergyTest(WorkerTest):
    def setUp(self) -> None:
        self.slurm = cluster()
        super().setUp()
        self.environment |= self.slurm.environment
        self.addCleanup(self.slurm.run, "scancel", "--signal=KILL", "--user=root")

    def tune(self, sources: list[str], workers: int = 1) -> Running:
        self.write(seconds=2, slurm={"workers": workers}, energy={"sources": sources})
        return self.start("tune", "study.toml", "--store", self.store, "--cluster", "slurm")

    def test_trials_are_charged_what_slurm_accounts(self) -> None:
        tuner = self.tune(["slurm"])
        self.assertEqual(tuner.end(patience=200).status, 0, tuner.errors())
        trials = self.trials()
        self.assertTrue(trials)
        for trial in trials:
            self.assertEqual(trial["quality"], "measured")
            self.assertEqual(len(trial["hardware"]), 1, trial)
            self.assertIn("by slurm", trial["hardware"][0])
            off = abs(trial["joules"] - WATTS * trial["seconds"])
            self.assertLess(off, max(3 * trial["joules_error"], 0.05 * trial["joules"]), trial)
        self.assertEqual(self.json("show")["sources"], ["slurm"])

    def test_outside_of_a_job_it_is_refused(self) -> None:
        refused = self.start("measure", "--source", "slurm", "true").end()
        self.assert_one_line(refused, 2, "no job of Slurm's")

    def test_a_command_in_a_job_is_metered(self) -> None:
        out = self.folder / "out.json"
        command = f"{BINARY} measure --json --source slurm -- sleep 6 > {out}"
        self.slurm.run("sbatch", "--wait", "-D", str(self.folder), "--wrap", command)
        measured = json.loads(out.read_text())
        self.assertLess(abs(measured["joules"] - WATTS * measured["seconds"]), measured["joules_error"], measured)
        self.assertEqual(measured["domains"][0]["source"], "slurm")


_clusters: list[SlurmCluster] = []


def cluster() -> SlurmCluster:
    if not _clusters:
        counters = Counters()
        preloaded = {"LD_PRELOAD": str(counters.library), "PM_COUNTERS": str(counters.folder)}
        _clusters.append(SlurmCluster(GATHERED, preloaded))
    if _clusters[0].absent:
        raise unittest.SkipTest(f"NOT TESTED ON SLURM: {_clusters[0].absent}")
    return _clusters[0]


if __name__ == "__main__":
    unittest.main()
