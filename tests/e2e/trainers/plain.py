"""A training script that knows nothing of SM2. What it prints after each epoch, and how, is its argument --style.

The accuracy is better with larger batches, and at best 0.9.
"""

import argparse
import sys
import time
from typing import Callable, Dict


def write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def line(epoch: int, accuracy: float) -> None:
    write(f"Epoch {epoch}/8 - loss: {1 - accuracy:.4f} - val_acc: {accuracy:.4f}\n")


def colour(epoch: int, accuracy: float) -> None:
    write(f"\x1b[1mEpoch {epoch}/8\x1b[0m - val_acc: \x1b[32m{accuracy:.4f}\x1b[0m\n")


def bar(epoch: int, accuracy: float) -> None:
    """As tqdm does: one line for the whole training, never ended."""
    for percent in (50, 100):
        write(f"\r{percent:3d}%|█████     | {percent}/100 [00:00<00:00, 99.9it/s]")
    write(f"\rEpoch {epoch}/8: 100%|██████████| val_acc: {accuracy:.4f}\r")


def backspaces(epoch: int, accuracy: float) -> None:
    """As Keras does."""
    text = f"Epoch {epoch}/8 9/10 [=>.] - ETA: 0s"
    write(text + "\b" * len(text) + f"Epoch {epoch}/8 10/10 [==] - val_acc: {accuracy:.4f}\n")


def percent(epoch: int, accuracy: float) -> None:
    write(f"Epoch {epoch}/8, val_acc: {100 * accuracy:.2f}%.\n")


def comma(epoch: int, accuracy: float) -> None:
    write(f"Epoch {epoch}/8, val_acc: {accuracy:.4f}".replace(".", ",") + "\n")


def exponent(epoch: int, accuracy: float) -> None:
    write(f"Epoch {epoch}/8, val_acc: {accuracy:.4e}\n")


def lines(epoch: int, accuracy: float) -> None:
    write(f"Epoch {epoch}/8\n  loss: {1 - accuracy:.4f}\n  val_acc: {accuracy:.4f}\n")


def ranks(epoch: int, accuracy: float) -> None:
    """Two processes that evaluate, and do not wait for each other's newline."""
    write(f"[rank0] Epoch {epoch}/8 val_acc: {accuracy:.4f} [rank1] Epoch {epoch}/8 val_acc: {accuracy - 0.01:.4f}\n\n")


STYLES: Dict[str, Callable[[int, float], None]] = {
    each.__name__: each for each in (line, colour, bar, backspaces, percent, comma, exponent, lines, ranks)
}


def work(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--batch-size", type=int, required=True)
    parser.add_argument("--style", default="line")
    parser.add_argument("--epoch-seconds", type=float, default=0.0)
    flags = parser.parse_args()
    for epoch in range(1, 9):
        work(flags.epoch_seconds)
        STYLES[flags.style](epoch, round((0.9 - 1 / flags.batch_size) * (1 - 2.0**-epoch), 4))


if __name__ == "__main__":
    main()
