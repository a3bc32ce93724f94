"""The binary built with a sanitizer: whatever any of its processes reports fails the test, and some tests are left out.

SM2_SANITIZER is what it was built with, as -fsanitize takes it; empty: nothing.
"""

from __future__ import annotations

import os
from pathlib import Path

SANITIZER = os.environ.get("SM2_SANITIZER", "")

ITS_OWN_MEMORY = "a sanitizer's own memory is many times what is allowed here"
LEFT_OUT = {
    "test_bad_input.HugeTest.test_a_hundred_megabytes_of_one_line": ITS_OWN_MEMORY,
    "test_growth.GrowthTest.test_two_hundred_short_trials": ITS_OWN_MEMORY,
    "test_long_study.LongStudyTest.test_going_on_with_five_thousand_trials_takes_little_memory": ITS_OWN_MEMORY,
}


def why_left_out(test: str) -> str:
    """Empty where it is not."""
    return LEFT_OUT.get(test, "") if SANITIZER else ""


def options(folder: Path) -> dict[str, str]:
    """The environment by which reports, a file for each process, come into the folder."""
    if not SANITIZER:
        return {}
    path = f"log_path={folder}/report"
    return {
        "ASAN_OPTIONS": f"{path}:detect_leaks=1:handle_sigill=1",  # undefined behaviour traps
        "TSAN_OPTIONS": f"{path}:halt_on_error=1:atexit_sleep_ms=0",
    }


def reports(folder: Path) -> str:
    return "\n".join(path.read_text(errors="replace") for path in sorted(folder.iterdir()))
