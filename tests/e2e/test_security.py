"""What SECURITY.md promises: text is never run, names are never paths, files are their user's only, nothing listens on a network."""

import os
import stat
import sys
import unittest
from pathlib import Path

from sm2_binary import Sm2Test, learner, printing

BAIT = "x; touch pwned; $(touch pwned) `touch pwned` | touch pwned && touch pwned\n'\"; DROP TABLE events; --"
SHOW_ALL = "import os, sys; print('accuracy=0.5', [sys.argv[1], os.environ['SM2_PARAMS']])"


def everything_below(folder: Path) -> list[Path]:
    return [Path(root) / name for root, folders, files in os.walk(folder) for name in folders + files]


def listening_sockets() -> set[str]:
    """The inodes of the machine's sockets that listen for TCP, or are open for UDP."""
    listening = {"tcp": "0A", "tcp6": "0A", "udp": "07", "udp6": "07"}
    inodes = set()
    for protocol, state in listening.items():
        table = Path("/proc/net", protocol)
        if not table.exists():
            continue
        for line in table.read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == state:
                inodes.add(fields[9])
    return inodes


def sockets_of(pid: int) -> set[str]:
    inodes = set()
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        target = os.readlink(entry)
        if target.startswith("socket:["):
            inodes.add(target[len("socket:[") : -1])
    return inodes


class SecurityTest(Sm2Test):
    def test_values_and_names_are_never_run(self) -> None:
        self.write_study(
            [sys.executable, "-c", SHOW_ALL, "{bait}"],
            pattern="accuracy=(?P<accuracy>[0-9.]+)",
            space={"bait": {"values": [BAIT]}},
            strategy={"name": "grid"},
        )
        tuned = self.sm2("tune", "study.toml")
        self.assertEqual((tuned.status, tuned.err), (0, ""), tuned)
        reading = [["show"], ["trials"], ["best"], ["list"], ["report", "-o", "r.html"], ["export", "--format", "csv"]]
        for command in reading:
            self.assertEqual(self.sm2(*command).status, 0, command)
        self.assertEqual([path for path in everything_below(self.folder) if path.name == "pwned"], [])
        self.assertEqual(self.json("best")["params"], {"bait": BAIT})
        self.assertEqual(len(self.events("closed")), 1)

    def test_a_name_is_never_a_path(self) -> None:
        for name in ("../outside", "/tmp/outside", "..", ".", "a/../../outside", "~", "a;touch pwned", "-rf"):
            with self.subTest(name=name):
                before = set(everything_below(self.folder.parent))
                self.write_study(printing("echo accuracy=0.5"), name=name, strategy={"name": "random", "candidates": 1})
                ended = self.sm2("tune", "study.toml", "--store", "sm2.db")
                self.assertIn(ended.status, (0, 2), ended)
                made = set(everything_below(self.folder.parent)) - before
                inside = [self.folder, self.sockets]
                strays = [path for path in made if not any(path.is_relative_to(folder) for folder in inside)]
                self.assertEqual(strays, [])

    def test_files_are_their_users_only_whatever_the_umask(self) -> None:
        before = set(everything_below(self.folder))
        self.write_study(learner("--epoch-seconds=0.05"), resource={"unit": "epoch", "min": 1, "max": 4})
        old = os.umask(0)
        try:
            running = self.start("tune", "study.toml")
        finally:
            os.umask(old)
        running.wait_for("^trial . +1 epoch")
        sockets = everything_below(self.sockets)
        folders = [path for path in sockets if path.is_dir()]
        self.assertEqual([stat.S_IMODE(path.stat().st_mode) for path in folders], [0o700])
        self.assertEqual(running.end().status, 0)
        own = {path for path in everything_below(self.folder) if path not in before and path.name != "study.toml"}
        trials = self.folder / "sm2.trials"
        self.assertTrue(any(path.is_relative_to(trials) for path in own))
        for path in own:
            # What a program writes has the modes that it chose; the folders above keep others out.
            if path.is_relative_to(trials) and "checkpoints" in path.parent.parts:
                continue
            self.assertEqual(stat.S_IMODE(path.stat().st_mode) & 0o077, 0, f"{path} is open to others")

    def test_nothing_listens_on_a_network(self) -> None:
        self.write_study(learner("--epoch-seconds=0.05"), resource={"unit": "epoch", "min": 1, "max": 4})
        running = self.start("tune", "study.toml")
        running.wait_for("^trial . +1 epoch")
        held = sockets_of(running.pid)
        self.assertNotEqual(held, set(), "the socket of the trial, at least")
        self.assertEqual(held & listening_sockets(), set())
        self.assertEqual(running.end().status, 0)


if __name__ == "__main__":
    unittest.main()
