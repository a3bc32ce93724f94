"""sm2 devices."""

import json
import unittest
from typing import Any

from sm2_binary import ROOT, Sm2Test

SOURCE_KEYS = "name argument counts usable chosen domains reason remedy unusable"
DOMAIN_KEYS = (
    "name part inside id description quality method resolution_seconds relative_error power_limit_watts chosen"
)
UNUSABLE_KEYS = "reason remedy present"


class DevicesTest(Sm2Test):
    def source(self, name: str) -> dict[str, Any]:
        return next(source for source in self.json("devices")["sources"] if source["name"] == name)

    def test_json_has_the_documented_keys(self) -> None:
        devices = self.json("devices")
        self.assertEqual(set(devices), {"auto", "sources"})
        for source in devices["sources"]:
            self.assertEqual(set(source), set(SOURCE_KEYS.split()))
            for domain in source["domains"]:
                self.assertEqual(set(domain), set(DOMAIN_KEYS.split()))
            for unusable in source["unusable"]:
                self.assertEqual(set(unusable), set(UNUSABLE_KEYS.split()))
        section = (ROOT / "docs" / "energy.md").read_text().split("## sm2 devices\n")[1].split("\n## ")[0]
        for key in f"{SOURCE_KEYS} {DOMAIN_KEYS} {UNUSABLE_KEYS}".split():
            self.assertIn(f"`{key}`", section)

    def test_every_source_is_usable_or_says_why_not_and_what_would_help(self) -> None:
        devices = self.json("devices")
        for source in devices["sources"]:
            if source["argument"]:
                self.assertEqual((source["usable"], source["domains"]), (None, []))
                continue
            self.assertEqual(source["usable"], bool(source["domains"]), source)
            self.assertEqual(source["usable"], source["reason"] is None, source)
            self.assertTrue(source["usable"] or (source["reason"] and source["remedy"]), source)
        chosen = [source["name"] for source in devices["sources"] if source["chosen"]]
        self.assertEqual(devices["auto"], chosen)
        self.assertTrue(chosen)

    def test_auto_takes_what_it_is_said_to_take(self) -> None:
        taken = {
            (source["name"], domain["name"])
            for source in self.json("devices")["sources"]
            for domain in source["domains"]
            if domain["chosen"]
        }
        ended = self.sm2("measure", "--json", "--", "true")
        read = {(domain["source"], domain["name"]) for domain in json.loads(ended.out)["domains"]}
        self.assertEqual(read, taken)

    def test_a_rapl_counter_that_is_not_readable_names_the_command_that_helps(self) -> None:
        self.environment["SM2_SYSFS"] = str(self.folder)
        self.assertFalse(self.source("rapl")["usable"])
        self.assertIn("modprobe", self.source("rapl")["remedy"])
        zone = self.folder / "class" / "powercap" / "intel-rapl:0"
        zone.mkdir(parents=True)
        (zone / "name").write_text("package-0\n")
        (zone / "max_energy_range_uj").write_text("262143328850\n")
        (zone / "energy_uj").write_text("1000\n")
        rapl = self.source("rapl")
        self.assertEqual((rapl["usable"], rapl["chosen"], rapl["domains"][0]["name"]), (True, True, "package-0"))

    def test_the_text_names_every_source_and_its_remedy(self) -> None:
        ended = self.sm2("devices")
        self.assertEqual((ended.status, ended.err), (0, ""))
        self.assert_for_a_terminal(ended.out)
        for source in self.json("devices")["sources"]:
            self.assertIn(f"\n{source['name']} ", "\n" + ended.out)
            if source["argument"]:
                self.assertIn(f"--source {source['name']}:{source['argument']}", ended.out)
            for domain in source["domains"]:
                self.assertIn(domain["name"], ended.out)
            for unusable in source["unusable"]:
                self.assertIn(unusable["remedy"], ended.out)


if __name__ == "__main__":
    unittest.main()
