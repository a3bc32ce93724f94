#!/usr/bin/env python3
"""Whether a tuner grows: two studies of short trials, one of half as many as the other, under heaptrack.

    make bench-memory                       # 5,000 trials, and 2,500
    bench/memory.py --trials 1000

Prints the most heap that each held, what was still held at its end, and what a trial adds. Every trial's record is kept until
the end; all else must not depend on how many there are.
"""

import argparse
import os
import re
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

SM2 = Path(__file__).resolve().parent.parent / "build" / "release" / "src" / "sm2"
STUDY = """\
[study]
name = "memory"
command = ["/bin/sh", "-c", "echo accuracy=0.{{batch_size}}"]
pattern = "accuracy=(?P<accuracy>[0-9.]+)"
metric = {{ name = "accuracy", goal = "maximize" }}
resource = {{ unit = "epoch", max = 1 }}
[space]
batch_size = {{ low = 1, high = 100000 }}
[strategy]
name = "random"
candidates = {trials}
"""
UNITS = {"B": 1, "K": 1e3, "M": 1e6, "G": 1e9}


class Heap(NamedTuple):  # bytes
    peak: float
    left: float  # never freed


def figure(printed: str, name: str) -> float:
    number, unit = re.search(rf"^{name}: ([0-9.]+)([BKMG])", printed, re.MULTILINE).groups()
    return float(number) * UNITS[unit]


def study(trials: int) -> Heap:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "study.toml").write_text(STUDY.format(trials=trials))
        environment = os.environ | {"SM2_SYSFS": folder, "CUDA_VISIBLE_DEVICES": "-1", "XDG_STATE_HOME": folder}
        tune = ["heaptrack", "-o", f"{folder}/heap", str(SM2), "tune", "study.toml", "--quiet"]
        subprocess.run(tune, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        shown = subprocess.run(["heaptrack_print", f"{folder}/heap.zst"], capture_output=True, text=True, check=True).stdout
    return Heap(figure(shown, "peak heap memory consumption"), figure(shown, "total memory leaked"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=5000)
    trials = parser.parse_args().trials
    half, whole = study(trials // 2), study(trials)
    for count, heap in ((trials // 2, half), (trials, whole)):
        print(f"{count} trials: heap {heap.peak / 1e6:.2f} MB at most, {heap.left / 1e3:.1f} kB never freed")
    print(f"a trial adds {(whole.peak - half.peak) / (trials - trials // 2):.0f} bytes, and leaves {whole.left - half.left:.0f} in all")


if __name__ == "__main__":
    main()
