"""A trial is its whole process tree: what a program starts ends with it."""

import unittest

from sm2_binary import Sm2Test, printing, wrong

ONE = {"name": "random", "candidates": 1}


class ProcessTreeTest(Sm2Test):
    def test_a_child_that_stays_is_ended(self) -> None:
        self.assertEqual(self.tune(wrong("fork_child"), strategy=ONE).status, 0)
        self.assert_nothing_left(patience=0)
        self.assertIn("left 1 process behind", self.trials()[0]["note"])

    def test_a_daemon_is_ended(self) -> None:
        self.assertEqual(self.tune(wrong("fork_daemon"), strategy=ONE).status, 0)
        self.assert_nothing_left(patience=0)
        self.assertIn("left 1 process behind", self.trials()[0]["note"])

    def test_children_of_a_shell_are_ended(self) -> None:
        program = printing("sleep 3600 & sleep 3600 & echo accuracy=0.{batch_size}")
        self.assertEqual(self.tune(**program).status, 0)
        self.assert_nothing_left(patience=0)
        self.assertEqual({trial["state"] for trial in self.trials()}, {"finished"})

    def test_a_helper_that_stays_does_not_spoil_the_result(self) -> None:
        """What was reported counts, whichever of the program's end and the tuner's answer comes first."""
        program = printing("sleep 3600 & echo accuracy=0.{batch_size}")
        space = {"batch_size": {"low": 1, "high": 9}}
        self.assertEqual(self.tune(**program, space=space, strategy={"name": "grid", "points": 8}).status, 0)
        self.assertEqual([trial["reason"] for trial in self.trials()], [""] * 8)

    def test_children_of_a_crash_are_ended(self) -> None:
        program = printing("sleep 3600 & echo accuracy=0.{batch_size}; exit 4")
        self.assertEqual(self.tune(**program, strategy=ONE).status, 1)
        self.assert_nothing_left(patience=0)

    def test_a_child_may_keep_the_output_open(self) -> None:
        program = printing("(trap '' HUP TERM; sleep 3600) & echo accuracy=0.{batch_size}")
        self.assertEqual(self.tune(**program, strategy=ONE).status, 0)
        self.assert_nothing_left(patience=0)

    def test_its_energy_is_in_the_trial(self) -> None:
        """Work in a child counts as the program's own."""
        burn = "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done"
        energy = {"cpu_idle": "0.001 W", "cpu_busy": "100 W"}
        used = {}
        for name, shell in (("child", f"({burn}) & wait"), ("none", "true")):
            self.afresh()
            program = printing(f"{shell}; echo accuracy=0.{{batch_size}}")
            self.assertEqual(self.tune(**program, strategy=ONE, energy=energy).status, 0)
            used[name] = self.trials()[0]["joules"]
        self.assertGreater(used["child"], 5 * used["none"], used)

    def test_nothing_is_left_in_the_runtime_folder(self) -> None:
        self.assertEqual(self.tune(wrong("early")).status, 0)
        self.assertEqual(list(self.sockets.iterdir()), [])


if __name__ == "__main__":
    unittest.main()
