"""What sm2 tune shows while it runs: in a terminal of any width, into a log, and as JSON lines."""

import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
import unittest
from pathlib import Path

from sm2_binary import BINARY, PATIENCE, ROOT, Sm2Test, learner, text, until

CONTROL = re.compile(r"\x1b\[([0-9;?]*)([A-Za-z])")


class Screen:
    """What a terminal shows after some bytes; it knows the few control sequences that sm2 may use, and fails on others."""

    def __init__(self, columns: int) -> None:
        self.columns = columns
        self.rows = [""]
        self.row = self.column = 0
        self.colours = 0

    def feed(self, shown: str) -> None:
        at = 0
        while at < len(shown):
            control = CONTROL.match(shown, at)
            if control:
                self.obey(*control.groups())
                at = control.end()
                continue
            letter = shown[at]
            at += 1
            if letter == "\r":
                self.column = 0
            elif letter == "\n":
                self.down()
            else:
                assert letter >= " ", repr(letter)
                if self.column == self.columns:
                    self.down()
                row = self.rows[self.row].ljust(self.column)
                self.rows[self.row] = row[: self.column] + letter + row[self.column + 1 :]
                self.column += 1

    def down(self) -> None:
        self.column = 0
        self.row += 1
        if self.row == len(self.rows):
            self.rows.append("")

    def obey(self, number: str, what: str) -> None:
        if what == "A":
            self.row -= int(number)
            assert self.row >= 0
        elif what in "KJ":
            assert number == "", number
            self.rows[self.row] = self.rows[self.row][: self.column]
            if what == "J":
                del self.rows[self.row + 1 :]
        elif what == "m":
            self.colours += 1
        else:
            raise AssertionError(f"ESC [ {number} {what}")


class Terminal:
    """sm2 in a pseudo terminal of its own."""

    def __init__(self, test: Sm2Test, *arguments: str, columns: int = 80, rows: int = 24, **environment: str) -> None:
        self.master, slave = pty.openpty()
        self.resize(columns, rows)
        self.process = subprocess.Popen(
            [BINARY, *arguments],
            cwd=test.folder,
            env={**test.environment, "TERM": "xterm", **environment},
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        os.close(slave)
        self.shown = b""
        test.addCleanup(self.close)

    def resize(self, columns: int, rows: int = 24) -> None:
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def read_until(self, pattern: str) -> None:
        """Until what was shown matches, or it ends."""
        compiled = re.compile(pattern.encode())
        deadline = time.monotonic() + PATIENCE
        while not compiled.search(self.shown):
            assert time.monotonic() < deadline, f"{pattern} was not shown: {self.shown!r}"
            if not self.read():
                return

    def read(self) -> bytes:
        try:
            more = os.read(self.master, 65536)
        except OSError:  # the other side is closed
            more = b""
        self.shown += more
        return more

    def end(self) -> int:
        while self.read():
            pass
        return self.process.wait(PATIENCE)

    def screen(self, columns: int = 80) -> Screen:
        screen = Screen(columns)
        screen.feed(text(self.shown).replace("\r\n", "\n"))
        return screen

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(PATIENCE)
        os.close(self.master)


class TerminalTest(Sm2Test):
    def study(self, seconds: float = 0.3, epochs: int = 4, **keys: object) -> None:
        keys.setdefault("strategy", {"name": "grid"})
        keys.setdefault("space", {"batch_size": {"values": [8, 16, 32, 64]}})
        self.write_study(learner(f"--epoch-seconds={seconds}"), resource={"unit": "epoch", "min": 1, "max": epochs}, **keys)

    def test_what_stands_is_drawn_in_place_at_any_width(self) -> None:
        for columns in (40, 80, 200):
            with self.subTest(columns=columns):
                self.study(budget={"energy": "1 kWh"})
                terminal = Terminal(self, "tune", "study.toml", columns=columns)
                terminal.read_until("ahead [^\n]*trial")
                standing = terminal.screen(columns).rows
                self.assertEqual(terminal.end(), 0)
                trials = [row for row in standing if row.startswith("trials ")]
                self.assertEqual(len(trials), 1, "\n".join(standing))
                at = standing.index(trials[0])
                said = re.sub(r"\s+", " ", " ".join(standing[at:]))
                self.assertRegex(said, r"^trials \d finished, \d running, 0 dropped \| rung 0 \| ")
                self.assertRegex(said, r" energy [\d.]+ m?J \+- [\d.]+ \(cpu-model, modelled\) ")
                self.assertRegex(said, r" running trial \d: \d of 4 epochs, batch_size=\d+ ")
                self.assertRegex(said, r" ahead trial \d to 4 epochs: about [\d.]+ m?J and ")
                self.assertTrue(all(len(row) < columns for row in standing[at:]), standing[at:])
                self.assertEqual(standing[-1], "")
                last = terminal.screen(columns).rows
                self.assertFalse([row for row in last if row.startswith(("trials ", "ahead "))], last)
                self.assertIn("study finished", "\n".join(last))
                self.afresh()

    def test_a_terminal_that_changes_its_width_is_drawn_anew(self) -> None:
        self.study(seconds=0.2, epochs=10, space={"batch_size": {"values": [32]}})
        terminal = Terminal(self, "tune", "study.toml", columns=120)
        terminal.read_until("ahead ")
        terminal.resize(50)
        before = len(terminal.shown)
        terminal.read_until("study finished")
        self.assertEqual(terminal.end(), 0)
        drawn = re.findall(r"trials   [^\n]*\r\n(?:[a-z ]{9}[^\n]*\r\n)*", text(terminal.shown[before:]))
        for line in "".join(drawn[-2:]).replace("\x1b[2m", "").replace("\x1b[0m", "").replace("\x1b[K", "").splitlines():
            self.assertLess(len(line), 50, line)

    def test_power_is_shown_while_it_trains(self) -> None:
        self.study(seconds=0.7, epochs=6, space={"batch_size": {"values": [32]}})
        terminal = Terminal(self, "tune", "study.toml", columns=160)
        terminal.read_until(r"\d W now")
        self.assertEqual(terminal.end(), 0)

    def test_whatever_ends_it_leaves_the_terminal_as_it_was(self) -> None:
        for sign, status in ((signal.SIGINT, 130), (signal.SIGTERM, 130), (signal.SIGKILL, -signal.SIGKILL)):
            with self.subTest(sign=sign.name):
                self.study(seconds=0.5, epochs=20)
                terminal = Terminal(self, "tune", "study.toml")
                terminal.read_until("ahead ")
                before = termios.tcgetattr(terminal.master)
                os.kill(terminal.process.pid, sign)
                self.assertEqual(terminal.end(), status)
                self.assertEqual(termios.tcgetattr(terminal.master), before)
                self.assertNotIn(b"\x1b[?", terminal.shown, "no mode is changed: nothing is to be put back")
                self.assertTrue(terminal.shown.endswith(b"\n") or terminal.shown.endswith(b"\x1b[J"), terminal.shown[-80:])
                self.assertEqual(terminal.screen().column, 0, "a prompt begins a line")
                self.assert_nothing_left(PATIENCE)
                self.afresh()

    def test_what_a_shell_wrote_while_it_was_stopped_is_left_alone(self) -> None:
        self.study(seconds=0.3, epochs=10, space={"batch_size": {"values": [32]}})
        terminal = Terminal(self, "tune", "study.toml")
        terminal.read_until("ahead ")
        os.kill(terminal.process.pid, signal.SIGSTOP)
        until(lambda: Path(f"/proc/{terminal.process.pid}/stat").read_text().split()[2] == "T", "it is stopped")
        while select.select([terminal.master], [], [], 0.2)[0]:
            terminal.read()
        before = len(terminal.shown)
        os.kill(terminal.process.pid, signal.SIGCONT)
        while len(terminal.shown) < before + 20:
            terminal.read()
        self.assertNotRegex(terminal.shown[before:], rb"^\r?\x1b\[\d+A", "it draws over what the shell wrote")
        self.assertEqual(terminal.end(), 0)

    def test_colour_is_for_terminals_that_want_it(self) -> None:
        for environment, colours in (({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)):
            with self.subTest(environment):
                self.study(seconds=0.05)
                terminal = Terminal(self, "tune", "study.toml", **environment)
                self.assertEqual(terminal.end(), 0)
                self.assertEqual(terminal.screen().colours > 0, colours)
                if "TERM" in environment:
                    self.assertNotIn(b"\x1b", terminal.shown)
                self.afresh()

    def test_a_log_has_lines_and_nothing_else(self) -> None:
        self.study(seconds=0.05)
        ended = self.sm2("tune", "study.toml")
        self.assertEqual((ended.status, ended.err), (0, ""))
        self.assert_for_a_terminal(ended.out)
        self.assertIn("trial 3 finished at 4 epochs", ended.out)

    def test_quiet_has_the_result_alone(self) -> None:
        self.study(seconds=0)
        ended = self.sm2("tune", "study.toml", "--quiet")
        self.assertEqual((ended.status, ended.err), (0, ""))
        self.assertRegex(ended.out, r"^\nwinner ")
        self.assertNotIn("trial 3 starts", ended.out)


class JsonLinesTest(Sm2Test):
    def events(self, out: str) -> list[dict]:
        self.assertTrue(out.isascii())
        return [json.loads(line) for line in out.splitlines()]

    def test_every_event_is_a_documented_object(self) -> None:
        self.write_study(learner(), resource={"unit": "epoch", "min": 1, "max": 4}, strategy={"name": "successive-halving"})
        ended = self.sm2("tune", "study.toml", "--json")
        self.assertEqual((ended.status, ended.err), (0, ""))
        events = self.events(ended.out)
        section = (ROOT / "docs" / "json.md").read_text().split("## sm2 tune\n")[1].split("\n## ")[0]
        rows = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|$", section, re.MULTILINE))
        for event in events:
            documented = set(re.findall(r"`(\w+)`", rows[event["event"]])) | {"event", "time", "study"}
            self.assertLessEqual(set(event), documented, event["event"])
            self.assertEqual(event["study"], "s")
        kinds = [event["event"] for event in events]
        self.assertEqual((kinds[0], kinds[1], kinds[-2], kinds[-1]), ("created", "opened", "closed", "ended"))
        self.assertLessEqual({"train", "launched", "evaluated", "checkpointed", "exited", "drop", "finish"}, set(kinds))
        self.assertEqual(events[-1]["exit"], 0)
        self.assertEqual(events[-1]["best"], self.json("best"))
        self.assertEqual(events[-1]["show"]["joules"], self.json("show")["joules"])
        last = {e["trial"]: e["joules"] for e in events if e["event"] in ("evaluated", "metered", "exited")}
        self.assertEqual(last, {t["trial"]: t["joules"] for t in self.trials() if t["trial"] in last})

    def test_a_finished_study_and_quiet_have_the_end_alone(self) -> None:
        self.write_study(learner(), strategy={"name": "grid"})
        first = self.events(self.sm2("tune", "study.toml", "--json", "--quiet").out)
        again = self.sm2("tune", "study.toml", "--json")
        self.assertEqual(again.status, 0)
        self.assertIn("finished already", again.err)
        self.assertEqual([e["event"] for e in first], ["ended"])
        self.assertEqual([e["best"] for e in self.events(again.out)], [first[0]["best"]])

    def test_no_usable_trial_is_told(self) -> None:
        self.write_study(["/bin/sh", "-c", "false {batch_size}"], pattern="accuracy=(?P<accuracy>[0-9.]+)")
        ended = self.sm2("tune", "study.toml", "--json", "--quiet")
        self.assertEqual(ended.status, 1)
        self.assertIn("no trial was usable", ended.err)
        end = self.events(ended.out)[0]
        self.assertEqual((end["exit"], end["best"]), (1, None))

    def test_an_interrupted_session_ends_with_its_status(self) -> None:
        self.write_study(learner("--epoch-seconds=0.5"), resource={"unit": "epoch", "max": 20})
        running = self.start("tune", "study.toml", "--json")
        running.wait_for('"event":"evaluated"')
        running.press_ctrl_c()
        ended = running.end()
        self.assertEqual(ended.status, 130)
        end = self.events(ended.out)[-1]
        self.assertEqual((end["event"], end["exit"], end["state"]), ("ended", 130, "interrupted"))


if __name__ == "__main__":
    unittest.main()
