"""The documents: what they say to type can be typed, and their links lead somewhere.

The tutorial and the how-to pages are followed from top to bottom, each in a folder of its own:

    ```python file=NAME       is written to NAME (any language); append=NAME goes to its end
    ```console                has commands after "$ ", which are run in order; each must succeed
    ```console needs=THING    is run where there is THING (here: torch); of others, only the options are checked

What stands below a command is what it printed, loosely: any number will do for a number, "..." is anything within a line, and
alone on a line any number of lines.
"""

import functools
import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
import unittest
from pathlib import Path

from documents import INLINE, LINK, Block, anchors, blocks, commands, documents, without_blocks
from sm2_binary import BINARY, ROOT, Sm2Test, toml

FOLLOWED = [ROOT / "docs" / "tutorial.md", *sorted((ROOT / "docs").glob("howto-*.md"))]
PATIENCE = 120.0
NUMBER = r"-?\d[\d.]*(?:e[+-]?\d+)?"
ENERGY, DURATION = "[mkM]?J", r"(?:ms|s|min \d+ s)"


TABLE = re.compile(r"\[(?:study|space|strategy|budget|energy|devices|limits|slurm|schedule|objective)\]")


def completed(parts: dict) -> str:
    """A study file of which a document shows some tables only."""
    study = {
        "name": "s",
        "command": ["x", "{x}"],
        "metric": {"name": "m", "goal": "maximize"},
        "pattern": "(?P<m>.)",
        "resource": {"unit": "epoch", "max": 1},
        **parts.get("study", {}),
    }
    parameters = re.findall(r"\{(\w+)\}", " ".join(study["command"]))
    space = parts.get("space") or {name: {"values": [1, 2]} for name in parameters}
    tables = {"study": study, "space": space, **{k: v for k, v in parts.items() if k not in ("study", "space")}}
    return "".join(
        f"[{name}]\n" + "".join(f"{key} = {toml(value)}\n" for key, value in keys.items()) for name, keys in tables.items()
    )


@functools.cache
def python_with_torch() -> str:
    """Debian's has it where python3-torch is installed; empty: none has."""
    for python in (sys.executable, "/usr/bin/python3"):
        if Path(python).exists() and subprocess.run([python, "-c", "import torch"], capture_output=True).returncode == 0:
            return python
    return ""


HERE = {"torch": lambda: bool(python_with_torch())}


def pattern(line: str) -> str:
    """What may stand for a line of output."""
    parts = []
    for part in re.split(rf"(\.\.\.|{NUMBER} [mkM]?J\b|{NUMBER} s\b|{NUMBER}|\s+)", line.strip()):
        if part == "...":
            parts.append(".*")
        elif re.fullmatch(rf"{NUMBER} [mkM]?J", part):
            parts.append(f"{NUMBER} {ENERGY}")
        elif re.fullmatch(rf"{NUMBER} s", part):
            parts.append(f"{NUMBER} {DURATION}")
        elif re.fullmatch(NUMBER, part):
            parts.append(NUMBER)
        else:
            parts.append(r"\s+" if part.isspace() else re.escape(part))
    return "".join(parts)


def mismatch(expected: list[str], actual: list[str]) -> str:
    """Empty where the output is as stated, else the first stated line that is not there."""
    shown = "".join(line.strip() + "\n" for line in actual)
    stated = ""
    for line in expected:
        stated += r"(?:.*\n)*?" if line.strip() == "..." else pattern(line) + r"\n"
        if not re.match(stated, shown):
            return f"{line!r} was not printed"
    return "" if re.fullmatch(stated, shown) else "more was printed than is stated"


class FollowTest(Sm2Test):
    def setUp(self) -> None:
        super().setUp()
        tools = self._place / "bin"
        tools.mkdir()
        (tools / "sm2").symlink_to(BINARY)
        (tools / "python3").symlink_to(python_with_torch() or sys.executable)
        self.environment |= {"PATH": f"{tools}:{os.environ['PATH']}", "REPO": str(ROOT)}

    def follow(self, document: Path) -> None:
        ran = 0
        for block in blocks(document.read_text(encoding="utf-8")):
            for mode, key in (("w", "file"), ("a", "append")):
                if key in block.words:
                    with open(self.folder / block.words[key], mode, encoding="utf-8") as file:
                        file.write(block.text)
            if block.language == "console" and self.can_run(block):
                ran += 1
                for command in commands(block):
                    self.run_command(f"{document.name}:{block.line}: {command.text}", command.text, command.output)
        self.assertTrue(ran or all(b.words.get("needs") for b in blocks(document.read_text()) if b.language == "console"))

    def can_run(self, block: Block) -> bool:
        need = block.words.get("needs")
        if need is None or HERE.get(need, lambda: False)():
            return True
        print(f"not run, it needs {need}: line {block.line}", file=sys.stderr)
        return False

    def run_command(self, where: str, command: str, output: list[str]) -> None:
        ended = subprocess.run(
            ["/bin/sh", "-c", command],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            stdin=subprocess.DEVNULL,
        )
        self.assertEqual(ended.returncode, 0, f"{where}\n{ended.stdout}{ended.stderr}")
        if output:
            wrong = mismatch(output, ended.stdout.splitlines())
            self.assertEqual(wrong, "", f"{where}\n{ended.stdout}")


def following(document: Path):
    return lambda test: test.follow(document)


for page in FOLLOWED:
    setattr(FollowTest, f"test_{page.stem.replace('-', '_')}", following(page))


class StatedOutputTest(unittest.TestCase):
    """The comparison itself: it can fail."""

    def test_numbers_and_dots_are_loose_and_all_else_is_not(self) -> None:
        self.assertEqual(mismatch(["a 1.5 J", "...", "z"], ["a  120 kJ", "b", "c", "z"]), "")
        self.assertEqual(mismatch(["took 9.1 s ..."], ["took 1 min 02 s and more"]), "")
        self.assertEqual(mismatch(["a 1", "...", "a 8"], ["a 1", "a 2", "a 8"]), "")
        self.assertIn("'a 1' was not printed", mismatch(["a 1"], ["b 1"]))
        self.assertIn("was not printed", mismatch(["a", "...", "b"], ["a", "c"]))
        self.assertIn("more was printed", mismatch(["a"], ["a", "b"]))


class DocumentsTest(Sm2Test):
    def help(self, command: str) -> str:
        ended = self.sm2(command, "--help")
        self.assertEqual(ended.status, 0, ended)
        return ended.out

    def test_links_lead_somewhere(self) -> None:
        broken = []
        for document in documents():
            text = document.read_text(encoding="utf-8")
            for link in LINK.findall(without_blocks(text)):
                if re.match(r"[a-z]+:", link):
                    continue
                path, _, anchor = link.partition("#")
                target = (document.parent / path).resolve() if path else document
                if not target.exists():
                    broken.append(f"{document.relative_to(ROOT)}: {link}: no such file")
                elif anchor and target.suffix == ".md" and anchor not in anchors(target.read_text(encoding="utf-8")):
                    broken.append(f"{document.relative_to(ROOT)}: {link}: no such heading")
        self.assertEqual(broken, [])

    def test_every_document_is_linked_to(self) -> None:
        linked = set()
        for document in documents():
            for link in LINK.findall(document.read_text(encoding="utf-8")):
                linked.add((document.parent / link.partition("#")[0]).resolve())
        unknown = [str(path.relative_to(ROOT)) for path in (ROOT / "docs").glob("*.md") if path.resolve() not in linked]
        self.assertEqual(unknown, [])

    def test_json_and_toml_can_be_read(self) -> None:
        for document in documents():
            for block in blocks(document.read_text(encoding="utf-8")):
                with self.subTest(f"{document.relative_to(ROOT)}:{block.line}"):
                    if block.language == "json":
                        json.loads(block.text)
                    if block.language == "toml":
                        tomllib.loads(block.text)

    def test_study_files_are_what_sm2_reads(self) -> None:
        """A budget of nothing is refused after the file has been read: that is the only complaint allowed."""
        checked = 0
        for document in documents():
            for block in blocks(document.read_text(encoding="utf-8")):
                if block.language != "toml" and not (block.language == "" and TABLE.match(block.text)):
                    continue
                parsed = tomllib.loads(block.text)
                text = block.text if {"study", "space"} <= set(parsed) else completed(parsed)
                (self.folder / "study.toml").write_text(text, encoding="utf-8")
                with self.subTest(f"{document.relative_to(ROOT)}:{block.line}"):
                    ended = self.sm2("tune", "study.toml", "--budget", "0 J")
                    self.assert_one_line(ended, 2, "--budget must be above 0")
                checked += 1
        self.assertGreater(checked, 5)

    def test_commands_and_options_are_those_of_sm2(self) -> None:
        known: dict[str, set[str]] = {}
        unknown = []
        for document in documents():
            if document.name == "CHANGELOG.md":
                continue
            text = document.read_text(encoding="utf-8")
            lines = [line.removeprefix("$ ") for block in blocks(text) for line in block.text.splitlines()]
            lines += INLINE.findall(without_blocks(text))
            for line in lines:
                found = re.match(r"(?:[A-Z]+=\S+ )*sm2 ([a-z]+)\b(?!\.)(.*)", re.split(r" # | \| | -- | && ", line)[0])
                if not found:
                    continue
                command, rest = found.groups()
                if command not in known:
                    ended = self.sm2(command, "--help")
                    known[command] = set(re.findall(r"(?<![\w-])--?[a-z][\w-]*", ended.out)) if ended.status == 0 else set()
                if not known[command]:
                    unknown.append(f"{document.name}: {line}: no command {command}")
                for option in re.findall(r"(?<!\S)--[a-z][\w-]*", re.sub(r"\"[^\"]*\"", "", rest)):
                    if option not in known[command]:
                        unknown.append(f"{document.name}: {line}: no option {option}")
        self.assertEqual(unknown, [])
        self.assertGreater(len(known), 10)


if __name__ == "__main__":
    unittest.main()
