"""The sm2 binary as a user runs it: in a folder of its own, within time limits, and with nothing left behind.

The binary's path comes from the environment variable SM2_BINARY; sanitized.py is for one that was built with a sanitizer.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path
from typing import Any, Callable, Iterable, NamedTuple, Optional

import sanitized

ROOT = Path(__file__).resolve().parents[2]
BINARY = str(Path(os.environ["SM2_BINARY"]).resolve())
TRAINERS = Path(__file__).resolve().parent / "trainers"
MARK = "SM2_END_TO_END"  # in the environment of everything that a test starts
PATIENCE = 60.0  # seconds; only a hang takes so long


class Ended(NamedTuple):
    status: int
    out: str
    err: str


def until(condition: Callable[[], Any], what: str, patience: float = PATIENCE) -> Any:
    """Waits until the condition holds, and returns what it returned."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.01)
    raise AssertionError(f"not within {patience:g} s: {what}")


def text(raw: bytes) -> str:
    return raw.decode("utf-8", errors="surrogateescape")


def toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(item)}" for key, item in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)


def study_text(
    command: list[str],
    *,
    name: str = "s",
    metric: Optional[dict[str, Any]] = None,
    pattern: Optional[str] = None,
    resource: Optional[dict[str, Any]] = None,
    space: Optional[dict[str, Any]] = None,
    strategy: Optional[dict[str, Any]] = None,
    **tables: dict[str, Any],
) -> str:
    """A study file, a key a line. Unless told otherwise: a batch size is drawn at random, twice."""
    study = {
        "name": name,
        "command": command,
        "metric": metric or {"name": "accuracy", "goal": "maximize"},
        "resource": resource or {"unit": "epoch", "max": 1},
    }
    if pattern:
        study["pattern"] = pattern
    everything = {
        "study": study,
        "space": space or {"batch_size": {"values": [8, 16, 32, 64]}},
        "strategy": strategy or {"name": "random", "candidates": 2},
        **tables,
    }
    lines = []
    for table, entries in everything.items():
        lines.append(f"[{table}]")
        lines += [f"{key} = {toml(value)}" for key, value in entries.items()]
    return "\n".join(lines) + "\n"


def learner(*flags: str) -> list[str]:
    """The command of trainers/learner.py, which speaks the protocol and resumes."""
    return [sys.executable, str(TRAINERS / "learner.py"), "--batch-size={batch_size}", *flags]


def wrong(*words: str) -> list[str]:
    """The command of trainers/wrong.py, which misbehaves in the way that is named."""
    return [sys.executable, str(TRAINERS / "wrong.py"), *words]


def printing(shell: str) -> dict[str, Any]:
    """Study keys for a program of /bin/sh that prints its metric; it starts in a few milliseconds."""
    return {"command": ["/bin/sh", "-c", shell], "pattern": "accuracy=(?P<accuracy>[-0-9.a-z]+)"}


def with_mark(mark: str) -> list[int]:
    """Processes that were started by a test, zombies left out: those have no environment any more."""
    wanted = f"{MARK}={mark}".encode()
    found = []
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            environment = Path("/proc", entry, "environ").read_bytes()
        except OSError:
            continue
        if wanted in environment.split(b"\0"):
            found.append(int(entry))
    return found


def command_of(pid: int) -> str:
    try:
        return text(Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" "))
    except OSError:
        return "ended meanwhile"


class Running:
    """An sm2 that runs beside the test, in a process group of its own; its output goes to files."""

    def __init__(self, arguments: Iterable[str], folder: Path, environment: dict[str, str]) -> None:
        self._files = [tempfile.NamedTemporaryFile(dir=folder.parent) for _ in range(2)]
        self.process = subprocess.Popen(
            [BINARY, *arguments],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=self._files[0],
            stderr=self._files[1],
            start_new_session=True,
        )
        self.pid = self.process.pid

    def output(self) -> str:
        return text(Path(self._files[0].name).read_bytes())

    def errors(self) -> str:
        return text(Path(self._files[1].name).read_bytes())

    def wait_for(self, pattern: str) -> None:
        """Until a line of the output matches, or the process ends."""
        compiled = re.compile(pattern, re.MULTILINE)
        until(lambda: compiled.search(self.output()) or self.process.poll() is not None, f"a line with {pattern}")

    def press_ctrl_c(self) -> None:
        """What a terminal does: the signal goes to the whole foreground process group."""
        os.killpg(self.pid, signal.SIGINT)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(PATIENCE)

    def end(self, patience: float = PATIENCE) -> Ended:
        status = self.process.wait(patience)
        return Ended(status, self.output(), self.errors())

    def close(self) -> None:
        if self.process.poll() is None:
            self.kill()
        for file in self._files:
            file.close()


class Sm2Test(unittest.TestCase):
    """A test with a folder of its own, `self.folder`, where sm2 is started. No process may be left at its end, and no
    sanitizer may have reported anything."""

    def setUp(self) -> None:
        if why := sanitized.why_left_out(self.id()):
            self.skipTest(why)
        self._place = Path(tempfile.mkdtemp(prefix="e2e-"))
        self.addCleanup(shutil.rmtree, self._place, ignore_errors=True)
        self.addCleanup(self.kill_what_is_left)
        self.folder = self._place / "work"
        self.sockets = self._place / "run"
        self.folder.mkdir()
        self.sockets.mkdir()
        self._reports = self._place / "reports"
        self._reports.mkdir()
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("SM2_")}
        # No sensor of the machine that runs the tests: figures and messages are the same anywhere.
        self.environment |= {
            "SM2_SYSFS": str(self._place / "sys"),
            "CUDA_VISIBLE_DEVICES": "-1",
            "XDG_STATE_HOME": str(self._place / "state"),
            "XDG_CONFIG_HOME": str(self._place / "config"),
            "PYTHONPATH": str(ROOT / "python"),
            "PYTHONDONTWRITEBYTECODE": "1",
            "XDG_RUNTIME_DIR": str(self.sockets),
            MARK: self.mark,
            **sanitized.options(self._reports),
        }

    def tearDown(self) -> None:
        self.assert_nothing_left()
        self.assertEqual(sanitized.reports(self._reports), "", "a sanitizer found something")

    def afresh(self) -> None:
        """Ends this test's part, and begins another in a folder of its own."""
        self.tearDown()
        self.setUp()

    @property
    def mark(self) -> str:
        return str(self._place)

    def kill_what_is_left(self) -> None:
        for pid in with_mark(self.mark):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue

    def assert_nothing_left(self, patience: float = 1.0) -> None:
        """No process of this test lives any more, within the time given."""
        deadline = time.monotonic() + patience
        left = with_mark(self.mark)
        while left and time.monotonic() < deadline:
            time.sleep(0.01)
            left = with_mark(self.mark)
        self.assertEqual([command_of(pid) for pid in left], [], "processes were left behind")

    # ---- running sm2 ----

    def sm2(self, *arguments: str, patience: float = PATIENCE) -> Ended:
        """Runs sm2 to its end."""
        running = self.start(*arguments)
        try:
            return running.end(patience)
        finally:
            running.close()

    def start(self, *arguments: str) -> Running:
        running = Running(arguments, self.folder, self.environment)
        self.addCleanup(running.close)
        return running

    def write_study(self, command: list[str], file: str = "study.toml", **keys: Any) -> None:
        (self.folder / file).write_text(study_text(command, **keys), encoding="utf-8")

    def tune(self, command: list[str], **keys: Any) -> Ended:
        """Writes a study file and tunes it to its end."""
        self.write_study(command, **keys)
        return self.sm2("tune", "study.toml")

    def json(self, *arguments: str) -> Any:
        ended = self.sm2(*arguments, "--json")
        self.assertEqual((ended.status, ended.err), (0, ""), ended)
        return json.loads(ended.out)

    def trials(self, *arguments: str) -> list[dict[str, Any]]:
        ended = self.sm2("trials", "--json", *arguments)
        self.assertEqual((ended.status, ended.err), (0, ""), ended)
        return [json.loads(line) for line in ended.out.splitlines()]

    # ---- what is stored ----

    def events(self, kind: str) -> list[dict[str, Any]]:
        """The bodies of the journal's events of one kind, in order."""
        database = sqlite3.connect(self.folder / "sm2.db")
        try:
            rows = database.execute("SELECT body FROM events WHERE kind = ? ORDER BY study, seq", (kind,))
            return [json.loads(body) for (body,) in rows]
        finally:
            database.close()

    def log(self, trial: int) -> bytes:
        """The output that was kept of a trial."""
        return (self.folder / "sm2.trials" / "s" / str(trial) / "log").read_bytes()

    # ---- what is said ----

    def assert_one_line(self, ended: Ended, status: int, *parts: str) -> None:
        """The exit status, and one line on standard error that holds the parts."""
        self.assertEqual(ended.status, status, ended)
        self.assertEqual(len(ended.err.splitlines()), 1, ended)
        for part in parts:
            self.assertIn(part, ended.err)

    def assert_for_a_terminal(self, shown: str) -> None:
        """No control characters but the end of a line, and valid UTF-8."""
        shown.encode("utf-8")
        self.assertNotRegex(shown, "[\x00-\x09\x0b-\x1f\x7f-\x9f]")
