#!/usr/bin/env python3
"""What a study costs from 10 trials to 1,000,000, where the disk costs nothing: one after the other on SQLite in /dev/shm, by many
workers in simulated time, and each step by itself.

    bench/growth.py [--most 1000000]        needs 4 GB of memory, and 1 GB of /dev/shm
"""

import argparse
import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from figures import PROGRAMS, STUDY


def table(title: str, *command: Any) -> None:
    print(title)
    with subprocess.Popen([*map(str, command)], stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            print("  " + "  ".join(f"{name} {value}" for name, value in json.loads(line).items()), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, default=1_000_000)
    most = parser.parse_args().most
    ages = [10**power for power in range(1, 7) if 10**power <= most]
    with tempfile.TemporaryDirectory(prefix="sm2-bench-", dir="/dev/shm") as folder:
        study = Path(folder, "study.toml")
        study.write_text(STUDY.format(program="true", answers=1, trials=most))
        table("random, one worker, SQLite, without a disk", PROGRAMS / "growth", Path(folder, "sm2.db"), study, *ages)
    for trials in ages:
        table(f"asha, simulated, {trials} trials", PROGRAMS / "scale", "asha", 10_000, trials, 1)
    for workers in (10, 100, 1000):
        table(f"asha, simulated, {workers} workers", PROGRAMS / "scale", "asha", workers, min(most, 100_000), 1)
    subprocess.run([str(PROGRAMS / "steps")], check=True)


if __name__ == "__main__":
    main()
