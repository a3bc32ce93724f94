"""A trainer that holds a mebibyte for each sample of a batch.

With --accumulate it halves its passes as long as one does not fit, and adds up their gradients.
"""

import argparse
import time
from typing import List

import sm2

STEPS = 10  # an epoch
MEBIBYTE = b"\1" * (1 << 20)


def forward(samples: int) -> List[bytearray]:
    return [bytearray(MEBIBYTE) for _ in range(samples)]


def fitting_pass(batch_size: int) -> int:
    samples = batch_size
    while True:
        try:
            forward(samples)
            return samples
        except MemoryError:
            if samples == 1:
                raise
            samples //= 2
            print(f"out of memory, going on with passes of {samples}", flush=True)


def work() -> None:
    end = time.process_time() + 0.01
    while time.process_time() < end:
        pass


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--batch-size", type=int, required=True)
    parser.add_argument("--accumulate", action="store_true")
    parser.add_argument("--epochs", type=int, default=8)
    flags = parser.parse_args()

    with sm2.trial(steps_per_unit=STEPS) as trial:
        passes = fitting_pass(flags.batch_size) if flags.accumulate else flags.batch_size
        held = forward(passes)
        for step in range(1, STEPS * flags.epochs + 1):
            work()
            trial.report(step=step, samples=step * flags.batch_size, epoch=step / STEPS, loss=1 / step)
            if step % STEPS == 0:
                trial.evaluate(step // STEPS, accuracy=1 - 1 / (step + len(held)))
            if trial.should_stop:
                return


if __name__ == "__main__":
    main()
