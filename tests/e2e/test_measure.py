"""sm2 measure and sm2 devices."""

import json
import os
import re
import signal
import unittest
from typing import Any

from sm2_binary import ROOT, Ended, Sm2Test, until, with_mark

KEYS = "command exit signal seconds cpu_seconds joules joules_error joules_above_idle watts quality domains note"
DOMAIN_KEYS = "name source joules error noise idle quality note"
SOURCE_KEYS = "name counts usable chosen description quality resolution_seconds domains reason remedy"


def documented(command: str) -> set[str]:
    section = (ROOT / "docs" / "energy.md").read_text().split(f"## sm2 {command}\n")[1].split("\n## ")[0]
    columns = re.findall(r"^\| (`[^|]*) \|", section, re.MULTILINE)
    return {key for column in columns for key in re.findall(r"`(\w+)`", column)}


class MeasureTest(Sm2Test):
    def measured(self, ended: Ended) -> dict[str, Any]:
        self.assertEqual(ended.err, "")
        self.assertNotEqual(ended.out, "", ended)
        return json.loads(ended.out.splitlines()[-1])

    def test_json_has_the_documented_keys_and_adds_up(self) -> None:
        busy = "i=0; while [ $i -lt 50000 ]; do i=$((i+1)); done"
        found = self.measured(self.sm2("measure", "--json", "--", "/bin/sh", "-c", busy))
        self.assertEqual(set(found), set(KEYS.split()))
        self.assertEqual(set(found), documented("measure"))
        self.assertEqual((found["command"], found["exit"], found["signal"]), (["/bin/sh", "-c", busy], 0, None))
        self.assertGreater(found["cpu_seconds"], 0)
        self.assertGreater(found["joules"], 0)
        self.assertGreater(found["joules_error"], 0)
        for domain in found["domains"]:
            self.assertEqual(set(domain), set(DOMAIN_KEYS.split()))
        self.assertAlmostEqual(sum(domain["joules"] for domain in found["domains"]), found["joules"])

    def test_passes_the_exit_status_on(self) -> None:
        for command, status in (("exit 0", 0), ("exit 3", 3), ("exit 255", 255), ("kill -TERM $$", 143)):
            ended = self.sm2("measure", "--json", "--", "/bin/sh", "-c", command)
            self.assertEqual(ended.status, status, command)
            self.assertEqual(self.measured(ended)["exit"], status)
        self.assertEqual(self.measured(ended)["signal"], signal.SIGTERM)

    def test_leaves_the_output_to_the_command(self) -> None:
        ended = self.sm2("measure", "--", "/bin/sh", "-c", "echo out; echo err >&2")
        self.assertEqual(ended.out, "out\n")
        self.assertRegex(ended.err, r"\Aerr\nenergy +[0-9.]+ m?J")

    def test_writes_to_a_file(self) -> None:
        ended = self.sm2("measure", "-o", "energy.json", "--", "/bin/sh", "-c", "echo out")
        self.assertEqual((ended.status, ended.out), (0, "out\n"))
        self.assertEqual(json.loads((self.folder / "energy.json").read_text())["exit"], 0)

    def test_names_a_command_that_cannot_be_run(self) -> None:
        (self.folder / "plain").write_text("text")
        self.assert_one_line(self.sm2("measure", "--", "no-such-program"), 127, "no-such-program", "not found")
        self.assert_one_line(self.sm2("measure", "--", "./plain"), 126, "./plain", "ermission")

    def test_names_an_unknown_source(self) -> None:
        self.assert_one_line(self.sm2("measure", "--source", "nuclear", "--", "true"), 2, "nuclear", "cpu-model")

    def test_a_signal_reaches_the_command(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            running = self.start("measure", "--json", "--", "sleep", "3600")
            until(lambda: self.sleeping(running.pid), "the command runs")
            os.kill(running.pid, number)
            ended = running.end()
            found = self.measured(ended)
            self.assertEqual((ended.status, found["exit"], found["signal"]), (128 + number, 128 + number, number))

    def test_a_signal_reaches_the_command_from_its_first_moment_on(self) -> None:
        at_once = "read -r _ _ _ measuring _ < /proc/$PPID/stat; kill -TERM $measuring; exec sleep 3600"
        for _ in range(10):
            ended = self.sm2("measure", "--json", "--", "/bin/sh", "-c", at_once)
            self.assertEqual((ended.status, self.measured(ended)["signal"]), (143, signal.SIGTERM))

    def test_a_command_may_catch_a_signal(self) -> None:
        catching = "trap 'echo caught; exit 5' TERM; echo ready; while :; do sleep 0.01; done"
        running = self.start("measure", "--json", "--", "/bin/sh", "-c", catching)
        running.wait_for("ready")
        os.kill(running.pid, signal.SIGTERM)
        ended = running.end()
        self.assertEqual(ended.status, 5)
        self.assertIn("caught", ended.out)

    def test_the_command_does_not_outlive_it(self) -> None:
        running = self.start("measure", "--", "/bin/sh", "-c", "sleep 3600 & sleep 3600")
        until(lambda: self.sleeping(running.pid), "the command runs")
        running.kill()
        self.assert_nothing_left()

    def sleeping(self, measuring: int) -> bool:
        """Whether `sleep` runs: the guard and the shell are of this test, too."""
        for pid in with_mark(self.mark):
            try:
                with open(f"/proc/{pid}/comm", encoding="ascii") as file:
                    if pid != measuring and file.read() == "sleep\n":
                        return True
            except OSError:
                continue
        return False


class DevicesTest(Sm2Test):
    def test_json_has_the_documented_keys(self) -> None:
        devices = self.json("devices")
        self.assertEqual(set(devices), {"auto", "sources"})
        for source in devices["sources"]:
            self.assertEqual(set(source), set(SOURCE_KEYS.split()))
            self.assertEqual(source["usable"], source["reason"] is None)
            self.assertEqual(source["usable"], source["remedy"] is None)
            self.assertEqual(source["usable"], bool(source["domains"]))
        self.assertEqual(set(SOURCE_KEYS.split()), documented("devices"))
        chosen = [source["name"] for source in devices["sources"] if source["chosen"]]
        self.assertEqual(devices["auto"], chosen)
        self.assertTrue(chosen)

    def test_the_text_names_every_source(self) -> None:
        ended = self.sm2("devices")
        self.assertEqual((ended.status, ended.err), (0, ""))
        for source in self.json("devices")["sources"]:
            self.assertIn(source["name"], ended.out)
            self.assertIn(source["remedy"] or source["description"], ended.out)


if __name__ == "__main__":
    unittest.main()
