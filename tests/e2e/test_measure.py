"""sm2 measure."""

import json
import os
import signal
import unittest
from typing import Any

from sm2_binary import ROOT, Ended, Sm2Test, until, with_mark

RUN_KEYS = (
    "exit signal seconds cpu_seconds joules joules_error joules_idle joules_above_idle watts co2e_grams "
    "co2e_grams_error cost cost_error quality domains note"
)
BACKGROUND_KEYS = "grid price power_limit_watts missing"
KEYS = f"command {RUN_KEYS} {BACKGROUND_KEYS}"
DOMAIN_KEYS = "name source joules error noise idle watts co2e_grams cost quality method counted note"
BUSY = "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done"


def documented() -> str:
    return (ROOT / "docs" / "energy.md").read_text().split("## sm2 measure\n")[1].split("\n## ")[0]


class MeasureTest(Sm2Test):
    def measured(self, ended: Ended) -> dict[str, Any]:
        self.assertEqual(ended.err, "")
        self.assertNotEqual(ended.out, "", ended)
        return json.loads(ended.out.splitlines()[-1])

    def test_json_has_the_documented_keys_and_adds_up(self) -> None:
        found = self.measured(self.sm2("measure", "--json", "--", "/bin/sh", "-c", BUSY))
        self.assertEqual(set(found), set(KEYS.split()))
        for key in [*found, *DOMAIN_KEYS.split()]:
            self.assertIn(f"`{key}`", documented())
        self.assertEqual((found["command"], found["exit"], found["signal"]), (["/bin/sh", "-c", BUSY], 0, None))
        self.assertGreater(found["cpu_seconds"], 0)
        self.assertGreater(found["joules"], 0)
        self.assertGreater(found["joules_error"], 0)
        for domain in found["domains"]:
            self.assertEqual(set(domain), set(DOMAIN_KEYS.split()))
        counted = [domain["joules"] for domain in found["domains"] if domain["counted"]]
        self.assertAlmostEqual(sum(counted), found["joules"])

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

    # ---- a recorded trace of 100 W ----

    def trace(self, watts: float = 100) -> str:
        (self.folder / "trace.csv").write_text(f"seconds,watts\n0,{watts}\n3600,{watts}\n")
        return "replay:trace.csv"

    def replayed(self, *arguments: str, watts: float = 100) -> Ended:
        return self.sm2("measure", "--source", self.trace(watts), *arguments)

    def test_joules_are_the_traces(self) -> None:
        found = self.measured(self.replayed("--json", "--", "sleep", "0.3"))
        self.assertEqual(found["quality"], "replayed")
        self.assertAlmostEqual(found["joules"], 100 * found["seconds"], delta=10)
        self.assertAlmostEqual(found["watts"], 100, delta=20)

    def test_streams_the_power_while_the_command_runs(self) -> None:
        ended = self.replayed("--json", "--interval", "50 ms", "--", "sleep", "0.5")
        *ticks, result = [json.loads(line) for line in ended.out.splitlines()]
        self.assertEqual(set(result), set(KEYS.split()))
        self.assertGreaterEqual(len(ticks), 2)
        self.assertLessEqual(len(ticks), result["seconds"] / 0.05)
        for number, tick in enumerate(ticks, 1):
            self.assertEqual(set(tick), {"seconds", "watts", "joules", "domains", "note"})
            self.assertGreaterEqual(tick["seconds"], 0.05 * number - 1e-9)
            self.assertAlmostEqual(tick["watts"], 100, delta=50)
        joules = [tick["joules"] for tick in ticks] + [result["joules"]]
        self.assertEqual(joules, sorted(joules))

    def test_streams_text_on_standard_error(self) -> None:
        ended = self.replayed("--interval", "0.1s", "--", "/bin/sh", "-c", "sleep 0.35; echo out")
        self.assertEqual(ended.out, "out\n")
        self.assertRegex(ended.err, r"\A +0\.1\d s +[0-9.]+ W\n")
        self.assertIn("\nenergy  ", ended.err)

    def test_repeats_with_median_and_spread(self) -> None:
        found = self.measured(self.replayed("--repeat", "3", "--json", "--", "sleep", "0.05"))
        self.assertEqual(set(found), {*KEYS.split(), "runs", "median", "spread"})
        self.assertEqual([set(run) for run in found["runs"]], 3 * [set(RUN_KEYS.split())])
        self.assertEqual(found["joules"], sorted(run["joules"] for run in found["runs"])[1])
        self.assertEqual(found["median"]["joules"], found["joules"])
        spread = found["spread"]["joules"]
        self.assertTrue(spread["low"] <= found["joules"] <= spread["high"], found)
        self.assertEqual(spread["runs"], 3)

    def test_a_failing_run_ends_a_series(self) -> None:
        command = "echo x >> runs; [ $(wc -l < runs) -lt 2 ]"
        ended = self.replayed("--repeat", "5", "-o", "energy.json", "--", "/bin/sh", "-c", command)
        self.assertEqual(ended.status, 1)
        self.assertIn("sm2 measure: run 2 of 5 failed with exit status 1; the series ends here\n", ended.err)
        self.assertEqual((self.folder / "runs").read_text(), "x\nx\n")
        found = json.loads((self.folder / "energy.json").read_text())
        self.assertEqual((found["exit"], [run["exit"] for run in found["runs"]]), (1, [0, 1]))
        self.assertEqual(found["joules"], found["runs"][0]["joules"])

    def test_a_signal_ends_a_series(self) -> None:
        running = self.start("measure", "--source", self.trace(), "--repeat", "50", "--", "sleep", "3600")
        until(lambda: self.sleeping(running.pid), "the command runs")
        os.kill(running.pid, signal.SIGTERM)
        ended = running.end()
        self.assertEqual(ended.status, 143)
        self.assertIn("run 1 of 50 was ended by signal 15; the series ends here", ended.err)

    def test_compares_two_commands_by_turns(self) -> None:
        other = "/bin/sh -c 'echo -n B >> order; sleep 0.3'"
        command = ("/bin/sh", "-c", "echo -n A >> order; sleep 0.05")
        found = self.measured(self.replayed("--versus", other, "--json", "--", *command))
        self.assertEqual((self.folder / "order").read_text(), "ABBAABBAAB")
        self.assertEqual(set(found), {*KEYS.split(), "runs", "median", "spread", "versus", "ratio"})
        self.assertEqual(set(found["versus"]), {"command", *RUN_KEYS.split(), "runs", "median", "spread"})
        self.assertEqual(found["versus"]["command"], ["/bin/sh", "-c", "echo -n B >> order; sleep 0.3"])
        ratio = found["ratio"]["joules"]
        self.assertTrue(1 < ratio["low"] <= ratio["median"] <= ratio["high"], ratio)
        self.assertEqual((ratio["pairs"], ratio["difference"]), (5, True))
        for key in [*found, *found["ratio"], *ratio, *found["spread"]["joules"]]:
            self.assertIn(f"`{key}`", documented())

    def test_says_a_comparison_in_words(self) -> None:
        ended = self.replayed("--versus", "sleep 0.3", "--", "sleep", "0.05")
        self.assertEqual(ended.status, 0)
        self.assertRegex(ended.err, r"\nenergy +B uses [0-9.]+ times the energy of A \([0-9.]+ to [0-9.]+\)\n")
        self.assertRegex(ended.err, r"\ntime +B takes [0-9.]+ times the time of A ")

    def test_a_modelled_comparison_says_what_it_is_worth(self) -> None:
        ended = self.sm2("measure", "--source", "cpu-model", "--versus", "true", "--repeat", "1", "--", "true")
        self.assertIn("modelled: the model's error cancels in a ratio only in part", ended.err)
        self.assertIn("too few pairs to tell", ended.err)

    def test_tells_gross_idle_and_net_apart(self) -> None:
        stated = self.measured(self.replayed("--idle-watts", "replay=40 W", "--json", "--", "sleep", "0.2"))
        self.assertAlmostEqual(stated["joules_idle"], 40 * stated["seconds"], delta=4)
        self.assertAlmostEqual(stated["joules_above_idle"], stated["joules"] - stated["joules_idle"])
        measured = self.measured(self.replayed("--idle", "100 ms", "--json", "--", "sleep", "0.2"))
        self.assertAlmostEqual(measured["joules_idle"], measured["joules"], delta=10)
        self.assertIsNone(self.measured(self.replayed("--json", "--", "true"))["joules_idle"])

    def test_tells_carbon_and_cost_where_they_are_asked_for(self) -> None:
        self.assertNotRegex(self.replayed("--", "true").err, "CO2e|cost")
        self.environment |= {"SM2_GRID": "360 gCO2e/kWh", "SM2_PRICE": "0.36 EUR/kWh"}
        found = self.measured(self.replayed("--json", "--", "sleep", "0.1", watts=1000))
        self.assertAlmostEqual(found["co2e_grams"], found["joules"] * 1e-4)
        self.assertAlmostEqual(found["cost"], found["joules"] * 1e-7)
        self.assertEqual(found["price"], {"per_kwh": 0.36, "currency": "EUR"})
        ended = self.replayed("--grid", "DE", "--", "true")
        self.assertRegex(ended.err, r"\nCO2e +[0-9.]+ \w*gCO2e \+- .*Germany")
        self.assertRegex(ended.err, r"\ncost +[0-9.]+ EUR")

    def test_wrong_use_is_one_line_and_nothing_runs(self) -> None:
        for wrong in (
            ("--source", "replay:absent.csv"),
            ("--source", "replay"),
            ("--interval", "0.5"),
            ("--repeat", "0"),
            ("--versus", " "),
            ("--idle", "0 s"),
            ("--grid", "Atlantis"),
            ("--price", "cheap"),
        ):
            ended = self.sm2("measure", *wrong, "--", "/bin/sh", "-c", "echo ran")
            self.assert_one_line(ended, 2, "sm2 measure: ")
            self.assertEqual(ended.out, "", wrong)

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


if __name__ == "__main__":
    unittest.main()
