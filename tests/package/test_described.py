"""What is made of the command line beside the programs: completions for bash, zsh and fish, manual pages, and the unit of systemd.

SM2_BINARY is the program, SM2_DESCRIBED the folder that the build wrote.
"""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BINARY = os.environ["SM2_BINARY"]
DESCRIBED = Path(os.environ["SM2_DESCRIBED"])
UNIT = ROOT / "share" / "systemd" / "sm2-serve@.service"


def run(*command: str, **more: str) -> str:
    ended = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | more)
    if ended.returncode != 0 or ended.stderr:
        raise AssertionError(f"{command}: {ended}")
    return ended.stdout


def needs(program: str, what: str):
    return unittest.skipUnless(shutil.which(program), f"{what} NOT TESTED: {program} is not here; dev/setup {program} installs it")


def commands() -> list[str]:
    """As sm2 --help has them."""
    return re.findall(r"^  (\w+) ", run(BINARY, "--help").split("Subcommands:")[1], re.MULTILINE)


def long_options(command: str) -> set[str]:
    return set(re.findall(r"^  (?:-\w,)?(--[\w-]+)", run(BINARY, command, "--help"), re.MULTILINE))


def bash(*words: str) -> set[str]:
    """What bash is offered at the end of these words."""
    script = (
        'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _sm2; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    return set(run("bash", "--norc", "-c", script, "bash", str(DESCRIBED / "bash" / "sm2"), "sm2", *words).split())


class BashTest(unittest.TestCase):
    def test_every_command_and_every_option_of_each_is_offered(self) -> None:
        self.assertLessEqual(set(commands()), bash(""))
        self.assertIn("tune", commands())
        for command in commands():
            self.assertEqual({word for word in bash(command, "--")}, long_options(command), command)

    def test_choices_are_offered_after_their_option(self) -> None:
        formats = {"table", "csv", "json", "optuna", "mlflow", "codecarbon"}
        self.assertEqual(bash("export", "--format", ""), formats)
        self.assertEqual(bash("export", "--format", "o"), {"optuna"})
        self.assertEqual(bash("export", "--format", "=", "cs"), {"csv"})
        self.assertEqual(bash("export", "--format", "="), formats)
        self.assertEqual(bash("tu"), {"tune"})

    def test_files_are_left_to_readline(self) -> None:
        self.assertEqual(bash("export", "-o", ""), set())
        self.assertEqual(bash("tune", "stu"), set())


@needs("zsh", "THE COMPLETION OF ZSH IS")
class ZshTest(unittest.TestCase):
    def test_it_is_read_without_a_complaint(self) -> None:
        run("zsh", "-f", "-n", str(DESCRIBED / "zsh" / "_sm2"))

    def completed(self, line: str) -> str:
        """What an interactive zsh runs when the line is typed with a tabulator at its end; sm2 says there what it was given."""
        script = """
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "fpath=($1 \\$fpath); autoload -Uz compinit; compinit -u -D; bindkey '^I' complete-word"
zpty -w shell 'sm2() { print -r -- "<$*>" }; print rea""dy'
zpty -r shell text '*ready*'
zpty -w -n shell "$2"$'\\t\\n'
zpty -r shell text '*<*>*'
print -r -- "$text"
zpty -d shell
"""
        ended = subprocess.run(
            ["zsh", "-f", "-c", script, "zsh", str(DESCRIBED / "zsh"), line], capture_output=True, text=True, check=False, timeout=60
        )
        (given,) = re.findall("<(.*)>", ended.stdout)
        return given.strip()

    def test_commands_options_and_choices_are_completed(self) -> None:
        for typed, meant in {
            "sm2 tu": "tune",
            "sm2 export --over": "export --overwrite",
            "sm2 export --format opt": "export --format optuna",
            "sm2 serve --tok": "serve --token-file",
        }.items():
            self.assertEqual(self.completed(typed), meant)


@needs("fish", "THE COMPLETION OF FISH IS")
class FishTest(unittest.TestCase):
    def offered(self, line: str) -> set[str]:
        with tempfile.TemporaryDirectory() as home:
            script = f"source {DESCRIBED}/fish/sm2.fish; complete -C '{line}'"
            shown = run("fish", "--no-config", "-c", script, HOME=home, XDG_CONFIG_HOME=home, XDG_DATA_HOME=home)
        return {row.split("\t")[0] for row in shown.splitlines()}

    def test_commands_options_and_choices_are_offered(self) -> None:
        self.assertEqual(self.offered("sm2 "), set(commands()))
        self.assertEqual(self.offered("sm2 export --format "), {"table", "csv", "json", "optuna", "mlflow", "codecarbon"})
        for command in commands():
            self.assertLessEqual(long_options(command), self.offered(f"sm2 {command} --"), command)


class ManTest(unittest.TestCase):
    def pages(self) -> dict[str, str]:
        return {path.name[: -len(".1.gz")]: gzip.decompress(path.read_bytes()).decode() for path in DESCRIBED.glob("man1/*.1.gz")}

    def test_there_is_a_page_for_each_command_with_all_its_options(self) -> None:
        pages = self.pages()
        self.assertEqual(set(pages), {"sm2"} | {f"sm2-{command}" for command in commands()})
        for command in commands():
            self.assertIn(f"sm2\\-{command}", pages["sm2"])
            for option in long_options(command):
                self.assertIn("\\fB" + option.replace("-", "\\-") + "\\fR", pages[f"sm2-{command}"])

    @needs("groff", "MANUAL PAGES ARE")
    def test_groff_shows_them_without_a_complaint(self) -> None:
        for name, page in self.pages().items():
            ended = subprocess.run(
                ["groff", "-man", "-ww", "-Tutf8", "-P-cbou"], input=page, capture_output=True, text=True, check=False
            )
            self.assertEqual((ended.returncode, ended.stderr), (0, ""), name)
            if name == "sm2-export":
                self.assertIn("Unless told otherwise: table.", ended.stdout)


@needs("systemd-analyze", "THE UNIT OF SYSTEMD IS")
class UnitTest(unittest.TestCase):
    def test_systemd_takes_it_and_finds_it_safe(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            unit = Path(folder, "sm2-serve@root.service")
            unit.write_text(UNIT.read_text().replace("ExecStart=sm2", f"ExecStart={BINARY}"))
            self.assertEqual(run("systemd-analyze", "verify", "--man=no", str(unit)), "")
            run("systemd-analyze", "security", "--offline=true", "--threshold=25", "--no-pager", str(unit))


if __name__ == "__main__":
    unittest.main()
