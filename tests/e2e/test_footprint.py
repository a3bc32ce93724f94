"""Carbon and cost: of a study, as budgets, and of any command."""

import json
import unittest
from typing import Any

from sm2_binary import Sm2Test, printing


class FootprintTest(Sm2Test):
    """100 W all the time: a second is 100 J, and at 360 g/kWh it is 10 mg."""

    def setUp(self) -> None:
        super().setUp()
        (self.folder / "trace.csv").write_text("seconds,watts\n0,100\n600,100\n")

    def write(self, energy: dict[str, Any], **keys: Any) -> None:
        self.write_study(
            **printing(": {batch_size}; sleep 0.2; echo accuracy=0.5"),
            energy={"sources": ["replay:trace.csv"], **energy},
            **keys,
        )

    def test_a_study_tells_carbon_and_cost(self) -> None:
        self.write({"grid": "360 gCO2e/kWh", "price": "0.36 EUR/kWh"})
        ended = self.sm2("tune", "study.toml")
        self.assertEqual((ended.status, ended.err), (0, ""), ended)
        shown = self.json("show")
        joules = shown["joules"]["total"]
        self.assertGreater(joules, 40)
        self.assertAlmostEqual(shown["carbon_grams"]["total"], joules / 3.6e6 * 360)
        self.assertEqual(shown["cost"]["currency"], "EUR")
        self.assertAlmostEqual(shown["cost"]["amount"], joules / 3.6e6 * 0.36)
        self.assertIn("CO2e", self.sm2("show").out)
        self.assertEqual(self.sm2("report", "-o", "report.html").status, 0)
        self.assertIn("CO2e", (self.folder / "report.html").read_text())

    def test_a_country_says_its_source(self) -> None:
        self.write({"grid": "Germany"})
        self.assertEqual(self.sm2("tune", "study.toml").status, 0)
        self.assertRegex(self.json("show")["grid"]["origin"], r"Germany 20\d\d, Ember")

    def test_a_program_says_the_intensity(self) -> None:
        self.write({"grid": "command:echo '720 gCO2e/kWh'"})
        self.assertEqual(self.sm2("tune", "study.toml").status, 0)
        self.assertEqual(self.json("show")["grid"], {"grams_per_kwh": 720, "origin": "said by echo"})

    def test_budgets_of_carbon_and_cost_end_a_study(self) -> None:
        for budget in ({"carbon": "0.001 gCO2e"}, {"cost": "0.000001 EUR"}):
            with self.subTest(**budget):
                self.write({"grid": "360 gCO2e/kWh", "price": "0.36 EUR/kWh"}, budget=budget)
                ended = self.sm2("tune", "study.toml")
                self.assertEqual(ended.status, 3, ended)
                self.assertIn("is spent", ended.out)
            self.afresh()
            (self.folder / "trace.csv").write_text("seconds,watts\n0,100\n600,100\n")

    def test_mistakes_are_one_line(self) -> None:
        for energy, keys, word in (
            ({"grid": "Germny"}, {}, "Germany"),
            ({"grid": "380 g"}, {}, "gCO2e/kWh"),
            ({"grid": "command:echo lots"}, {}, "energy.grid"),
            ({"price": "0.3"}, {}, "EUR/kWh"),
            ({}, {"budget": {"carbon": "200 gCO2e"}}, "in [energy]"),
            ({"price": "0.3 EUR/kWh"}, {"budget": {"cost": "1 USD"}}, "EUR"),
            ({"idle": {"gpu-7": "60 W"}}, {}, "gpu-7"),
            ({"power_limit": "250 W"}, {}, "energy.power_limit"),
        ):
            with self.subTest(energy=energy, **keys):
                self.write(energy, **keys)
                ended = self.sm2("tune", "study.toml")
                self.assertEqual(ended.status, 2, ended)
                self.assertEqual(len(ended.err.splitlines()), 1, ended.err)
                self.assertRegex(ended.err, r"study.toml:\d+: ")
                self.assertIn(word, ended.err)

    def test_idle_is_measured_before_and_kept(self) -> None:
        self.write({"idle": "200 ms"})
        ended = self.sm2("tune", "study.toml")
        self.assertEqual(ended.status, 0, ended)
        self.assertAlmostEqual(self.events("opened")[0]["idle"]["replay"], 100, delta=1)
        reading = self.events("exited")[0]["energy"][0]
        self.assertAlmostEqual(reading["idle"], reading["joules"], delta=0.05 * reading["joules"])

    def test_measure_tells_carbon_and_cost(self) -> None:
        asked = ("--json", "--source", "replay:trace.csv", "--grid", "360 gCO2e/kWh", "--price", "0.36 EUR/kWh")
        ended = self.sm2("measure", *asked, "--", "sleep", "0.3")
        measured = json.loads(ended.out)
        self.assertAlmostEqual(measured["co2e_grams"], measured["joules"] / 1e4)
        self.assertAlmostEqual(measured["cost"], measured["joules"] / 1e7)


if __name__ == "__main__":
    unittest.main()
