#!/usr/bin/env python3
"""What metering costs: starting it, and doing it ten times a second. Ratios side by side, in one run.

    bench/metering.py [SM2 [ROUNDS]]        default: build/release/src/sm2, 40 rounds

Start: wall time of `sm2 measure true` beside that of `true`, by turns. Metering: CPU time of sm2 and its guard over 20 s at
10 Hz, less that of a start, beside a program that only wakes ten times a second: on a virtual machine waking alone
costs a tenth of a percent. Medians with quartiles; nothing is asserted.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Iterator

LONG, SHORT = 20.0, 0.05
WAKING = "import time\nend = time.monotonic() + {0}\nwhile time.monotonic() < end: time.sleep(0.1)"


def run(command: list[str]) -> tuple[float, float]:
    """Wall and CPU seconds, children included where they were waited for."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, used = os.wait4(process.pid, 0)
    return time.perf_counter() - start, used.ru_utime + used.ru_stime


def spread(values: list[float], unit: float) -> str:
    low, middle, high = statistics.quantiles(values, n=4)
    return f"{middle / unit:.1f} ({low / unit:.1f} to {high / unit:.1f})"


def start_milliseconds(sm2: str, rounds: int) -> tuple[list[float], list[float]]:
    """Of `true` alone, and of metering it."""
    plain, measured = [], []
    for _ in range(rounds):
        plain.append(1e3 * run(["true"])[0])
        measured.append(1e3 * run([sm2, "measure", "true"])[0])
    return plain, measured


def share_of_a_core(sm2: str) -> Iterator[tuple[str, float]]:
    def share(make) -> float:
        start = statistics.median(run(make(SHORT))[1] for _ in range(5))
        return (run(make(LONG))[1] - start) / LONG

    def measure(*options: str):
        return lambda seconds: [sm2, "measure", *options, "--interval", "100ms", "--", "sleep", str(seconds)]

    with tempfile.TemporaryDirectory() as folder:
        trace = Path(folder) / "trace.csv"
        trace.write_text("seconds,watts\n0,100\n600,100\n")
        for name, make in (
            ("only waking", lambda seconds: [sys.executable, "-c", WAKING.format(seconds)]),
            ("replay", measure("--source", f"replay:{trace}")),
            ("cpu-model", measure("--source", "cpu-model")),
        ):
            yield name, share(make)


def main() -> None:
    sm2 = sys.argv[1] if len(sys.argv) > 1 else "build/release/src/sm2"
    plain, measured = start_milliseconds(sm2, int(sys.argv[2]) if len(sys.argv) > 2 else 40)
    print(f"true                 {spread(plain, 1)} ms")
    print(f"sm2 measure true     {spread(measured, 1)} ms")
    print(f"ratio                {spread([m / p for m, p in zip(measured, plain)], 1)}")
    for name, share in share_of_a_core(sm2):
        print(f"10 Hz, {name:<13} {100 * share:.3f} % of a core")


if __name__ == "__main__":
    main()
