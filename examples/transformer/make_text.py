"""Writes a small text: python3 make_text.py PATH [SENTENCES]. Simple sentences of a small grammar, so that there is something to learn."""

import random
import sys

NOUNS = ["engine", "river", "teacher", "forest", "machine", "winter", "letter", "garden"]
VERBS = ["follows", "finds", "leaves", "warms", "measures", "repairs"]
ADJECTIVES = ["old", "quiet", "bright", "small"]


def main() -> None:
    sentences = int(sys.argv[2]) if len(sys.argv) > 2 else 600
    choose = random.Random(1).choice
    with open(sys.argv[1], "w") as file:
        for _ in range(sentences):
            file.write(f"the {choose(ADJECTIVES)} {choose(NOUNS)} {choose(VERBS)} the {choose(NOUNS)} .\n")


if __name__ == "__main__":
    main()
