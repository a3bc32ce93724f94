"""Tuning from within Python: sm2.tune() starts sm2, which trains the function in processes of their own."""

import random
from typing import Iterator

import sm2
from spirals import Network, points


def train(trial: sm2.Trial) -> Iterator[float]:
    """Yields the accuracy after each epoch. It keeps no checkpoints, so that each rung trains from the start."""
    size, rate = trial.params["batch_size"], trial.params["learning_rate"]
    training, validation = points(1500, seed=1), points(1500, seed=2)
    network = Network(width=trial.params["width"], seed=1)
    epoch = 0
    while True:
        order = random.Random(epoch).sample(training, len(training))
        for start in range(0, len(order), size):
            network.step(order[start : start + size], rate)
        epoch += 1
        yield network.accuracy(validation)


if __name__ == "__main__":
    space = {
        "batch_size": sm2.choice([4, 16, 64]),
        "learning_rate": sm2.log_uniform(0.01, 3.0),
        "width": sm2.integers(4, 32, log=True),
    }
    best = sm2.tune(
        train, space, metric="val_accuracy", resource=(1, 8), strategy={"name": "asha", "candidates": 12}, name="spirals-tune"
    )
    print(best.params, best.metric, f"{best.total_joules:.0f} J")
    best.report("report.html")
