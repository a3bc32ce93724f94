"""The Markdown documents of the repository, taken apart: blocks of code, commands, links and headings."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Iterator, NamedTuple

from sm2_binary import ROOT

FENCE = re.compile(r"^(`{3,})(.*)$")
INDENTED = re.compile(r"^(?: {4}|\t)(.*)$")
INLINE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)")


class Block(NamedTuple):
    """A block of code: its language, what else stands behind that (`file=train.py`), and where it is."""

    language: str
    words: dict[str, str]
    text: str
    line: int


class Command(NamedTuple):
    """What stands after a prompt, and the lines that are said to come of it."""

    text: str
    output: list[str]


def documents() -> list[Path]:
    return sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/**/*.md"), *ROOT.glob("python/**/*.md")])


def blocks(text: str) -> Iterator[Block]:
    """Fenced blocks with their language, indented ones without."""
    lines = text.splitlines()
    at = 0
    while at < len(lines):
        begin = at
        if fence := FENCE.match(lines[at]):
            language, *words = fence[2].split() or [""]
            at += 1
            while at < len(lines) and lines[at].rstrip() != fence[1]:
                at += 1
            content = lines[begin + 1 : at]
            yield Block(language, dict(word.split("=", 1) for word in words), "\n".join(content) + "\n", begin + 1)
        elif INDENTED.match(lines[at]) and (at == 0 or not lines[at - 1].strip()):
            while at < len(lines) and (INDENTED.match(lines[at]) or not lines[at].strip()):
                at += 1
            content = [line[4:] for line in lines[begin:at]]
            yield Block("", {}, "\n".join(content).strip("\n") + "\n", begin + 1)
            continue
        at += 1


def without_blocks(text: str) -> str:
    """The text between blocks; inline code stays."""
    lines = text.splitlines()
    for block in blocks(text):
        for at in range(block.line - 1, min(block.line + block.text.count("\n") + 1, len(lines))):
            lines[at] = "" if block.language or FENCE.match(lines[at]) or INDENTED.match(lines[at]) or block.words else lines[at]
    return "\n".join(lines)


def commands(block: Block) -> list[Command]:
    """Of a console block: each line after `$ ` or `# `, with the output below it."""
    found: list[Command] = []
    for line in block.text.splitlines():
        if line.startswith(("$ ", "# ")):
            found.append(Command(line[2:], []))
        elif found:
            found[-1].output.append(line)
    return found


def anchors(text: str) -> set[str]:
    """As GitHub makes them of headings."""
    found: set[str] = set()
    plain = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    for heading in re.findall(r"^#{1,6} +(.*?) *#*$", plain, re.MULTILINE):
        slug = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        count = 0
        while (name := slug if count == 0 else f"{slug}-{count}") in found:
            count += 1
        found.add(name)
    return found
