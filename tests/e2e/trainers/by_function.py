"""A script that tunes a function of its own by sm2.tune(): by_function.py WAY [--kinds]."""

import dataclasses
import json
import math
import os
import sys
import time
from typing import Iterator

import sm2

SECONDS = "E2E_EPOCH_SECONDS"


def accuracy(size: int, epoch: int) -> float:
    return round(1 - math.exp(-4 * epoch / size), 6)


def by_epochs(trial: sm2.Trial) -> Iterator[float]:
    for epoch in range(int(trial.start) if trial.resume else 0, 64):
        time.sleep(float(os.environ.get(SECONDS, "0")))
        assert trial.checkpoint_dir
        open(os.path.join(trial.checkpoint_dir, "c"), "w", encoding="ascii").close()
        trial.checkpoint("c", epoch + 1)
        yield accuracy(trial.params["size"], epoch + 1)


def at_the_end(trial: sm2.Trial) -> float:
    return accuracy(trial.params["size"], int(trial.until))


def too_large(trial: sm2.Trial) -> float:
    if trial.params["size"] > 4:
        raise MemoryError("batch of 8")
    return accuracy(trial.params["size"], 1)


if __name__ == "__main__":
    function = {"epochs": by_epochs, "end": at_the_end, "memory": too_large}[sys.argv[1]]
    space = {"size": sm2.choice([2, 8])}
    if "--kinds" in sys.argv:
        space["kind"] = sm2.choice(["a {b}", 'quote " and \\ \n line'])
    found = sm2.tune(
        function,
        space,
        metric="accuracy",
        resource=(1, 4),
        strategy="successive-halving" if function is by_epochs else "grid",
        name="s",
        quiet=True,
    )
    found.report("report.html")
    print(json.dumps(dataclasses.asdict(found)))
