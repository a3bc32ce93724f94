"""A Slurm cluster of its own for the tests of one program: munged, slurmctld and two slurmd on loopback, from a temporary
folder, ended with the program. Root alone can run it; elsewhere, and where Slurm is not installed, tests are skipped aloud."""

from __future__ import annotations

import atexit
import os
import shutil
import socket
import subprocess
import tempfile
import time
import unittest
from pathlib import Path
from typing import Optional

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "squeue", "scancel", "scontrol")
NODES = ("n1", "n2")
CONFIGURATION = """
ClusterName=sm2test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={port}
AuthInfo=socket={folder}/munge.socket
SlurmUser=root
SlurmdUser=root
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool-%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd-%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SlurmdParameters=config_overrides
ReturnToService=2
AccountingStorageType=accounting_storage/none
MpiDefault=none
SlurmdTimeout=10
KillWait=5
SchedulerParameters=bf_interval=1,sched_interval=1
NodeName=n1 NodeHostname={host} NodeAddr=127.0.0.1 Port={first} CPUs=4 RealMemory=4000 State=UNKNOWN
NodeName=n2 NodeHostname={host} NodeAddr=127.0.0.1 Port={second} CPUs=4 RealMemory=4000 State=UNKNOWN
PartitionName=main Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP
PartitionName=other Nodes=n2 MaxTime=INFINITE State=UP
"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        return one.getsockname()[1]


class SlurmCluster:
    _shared: Optional[SlurmCluster] = None

    @classmethod
    def shared(cls) -> SlurmCluster:
        if cls._shared is None:
            cls._shared = cls()
        if cls._shared.absent:
            raise unittest.SkipTest(f"NOT TESTED ON SLURM: {cls._shared.absent}")
        return cls._shared

    def __init__(self, configuration: str = "", of_nodes: Optional[dict[str, str]] = None) -> None:
        """`configuration`: more lines of slurm.conf; `of_nodes`: environment of the node daemons."""
        self._daemons: dict[str, subprocess.Popen[bytes]] = {}
        self._more = configuration
        self._of_nodes = of_nodes or {}
        self.absent = self._why_not()
        if self.absent:
            return
        self.folder = Path(tempfile.mkdtemp(prefix="sm2-slurm-"))
        self.folder.chmod(0o755)
        atexit.register(self._end)
        self.environment = {"SLURM_CONF": str(self.folder / "slurm.conf")}
        self._configure()
        self._start_munge()
        self.start_controller()
        for node in NODES:
            self.start_node(node)
        self.absent = self._wait_for_nodes()

    @staticmethod
    def _why_not() -> str:
        missing = [name for name in PROGRAMS if not shutil.which(name)]
        if missing:
            return f"{', '.join(missing)} not installed; dev/setup slurm-wlm munge installs them"
        return "" if os.geteuid() == 0 else "its daemons need root here"

    def _configure(self) -> None:
        places = {"folder": self.folder, "host": socket.gethostname()}
        ports = {"port": free_port(), "first": free_port(), "second": free_port()}
        (self.folder / "slurm.conf").write_text(CONFIGURATION.format(**places, **ports) + self._more)
        (self.folder / "cgroup.conf").write_text("CgroupPlugin=cgroup/v1\n")
        (self.folder / "state").mkdir()

    def _start_munge(self) -> None:
        key = self.folder / "munge.key"
        key.write_bytes(os.urandom(128))
        key.chmod(0o400)
        flags = {"key-file": key, "socket": "munge.socket", "pid-file": "munge.pid", "log-file": "munge.log", "seed-file": "munge.seed"}
        arguments = [f"--{name}={self.folder / str(value)}" for name, value in flags.items()]
        self._daemons["munged"] = self._start("munged", "--foreground", "--force", *arguments)
        self._until(lambda: (self.folder / "munge.socket").exists())

    def _start(self, *command: str, **more: str) -> subprocess.Popen[bytes]:
        with open(self.folder / f"{command[0]}.out", "ab") as out:
            return subprocess.Popen(
                command, env=os.environ | self.environment | more, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
            )

    def start_controller(self) -> None:
        self._daemons["slurmctld"] = self._start("slurmctld", "-D")

    def start_node(self, node: str) -> None:
        self._daemons[node] = self._start("slurmd", "-D", "-N", node, **self._of_nodes)

    def kill(self, daemon: str) -> None:
        """slurmctld, or a node with all that runs on it, as when its machine fails."""
        process = self._daemons.pop(daemon)
        process.kill()
        process.wait()
        if daemon in NODES:
            for pid in self.processes_of(daemon):
                try:
                    os.kill(pid, 9)
                except ProcessLookupError:
                    continue

    def processes_of(self, node: str) -> list[int]:
        found = []
        for entry in filter(str.isdigit, os.listdir("/proc")):
            try:
                environment = Path("/proc", entry, "environ").read_bytes().split(b"\0")
            except OSError:
                continue
            mine = f"SLURM_CONF={self.environment['SLURM_CONF']}".encode() in environment
            if mine and f"SLURMD_NODENAME={node}".encode() in environment:
                found.append(int(entry))
        return found

    @staticmethod
    def _until(condition, patience: float = 30) -> bool:
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if condition():
                return True
            time.sleep(0.1)
        return False

    def _wait_for_nodes(self) -> str:
        ready = self._until(lambda: self.run("sinfo", "-h", "-o", "%T %D").startswith("idle 2"))
        return "" if ready else f"its nodes do not come up: {self.run('sinfo')} {self.log()}"

    def log(self) -> str:
        return " | ".join(
            line for file in self.folder.glob("*.log") for line in file.read_text(errors="replace").splitlines()[-3:]
        )

    def run(self, *command: str) -> str:
        done = subprocess.run(command, env=os.environ | self.environment, capture_output=True, text=True, check=False, timeout=60)
        return done.stdout + done.stderr

    def jobs(self) -> list[str]:
        """Their states, an array's tasks apart."""
        return self.run("squeue", "-h", "-r", "-o", "%T").split()

    def restart_controller(self) -> None:
        """Killed, and gone for a while."""
        self.kill("slurmctld")
        time.sleep(3)
        self.start_controller()

    def wait_until_saved(self, job: str) -> None:
        """Until a controller that is killed would know what is known of the job: it writes some seconds after each change, also after one
        that means nothing."""
        changed = time.time()
        self.run("scontrol", "update", f"JobId={job}", "Comment=saved")
        if not self._until(lambda: (self.folder / "state" / "job_state").stat().st_mtime > changed):
            raise AssertionError(f"the controller does not save: {self.log()}")

    def _end(self) -> None:
        self.run("scancel", "--signal=KILL", "--user=root")
        for daemon in reversed(list(self._daemons)):
            self.kill(daemon)
        shutil.rmtree(self.folder, ignore_errors=True)
