"""A trainer whose learning curve is a formula, so that every run of it says the same.

It speaks the protocol through the real client, saves a checkpoint each epoch, and goes on from it. With --diary it
notes each epoch that it has trained, after the tuner has answered.
"""

import argparse
import math
import os
import time

import sm2


def accuracy(batch_size: int, epoch: int) -> float:
    """Small batches learn faster, large ones end higher; all differ."""
    top = 0.9 - 0.02 * abs(math.log2(batch_size) - 5)
    return round(top * (1 - math.exp(-epoch * 4 / math.log2(2 * batch_size))), 6)


def save(trial: sm2.Trial, epoch: int) -> None:
    assert trial.checkpoint_dir
    name = f"epoch-{epoch}"
    path = os.path.join(trial.checkpoint_dir, name)
    with open(path + ".new", "w", encoding="ascii") as file:
        file.write(str(epoch))
    os.replace(path + ".new", path)
    trial.checkpoint(name, epoch)


def load(path: str) -> int:
    with open(path, encoding="ascii") as file:
        return int(file.read())


def note(diary: str, number: object, epoch: int) -> None:
    with open(diary, "a", encoding="ascii") as file:
        file.write(f"{number} {epoch}\n")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--batch-size", type=int, required=True)
    parser.add_argument("--epochs", type=int, default=64)
    parser.add_argument("--epoch-seconds", type=float, default=0.0)
    parser.add_argument("--steps", type=int, default=4, help="an epoch")
    parser.add_argument("--diary")
    flags = parser.parse_args()

    with sm2.trial(steps_per_unit=flags.steps) as trial:
        epoch = load(trial.resume) if trial.resume else 0
        while epoch < flags.epochs and not trial.should_stop:
            for step in range(1, flags.steps + 1):
                time.sleep(flags.epoch_seconds / flags.steps)
                done = epoch * flags.steps + step
                trial.report(
                    step=done,
                    samples=done * flags.batch_size,
                    epoch=done / flags.steps,
                    loss=1 / done,
                    learning_rate=trial.lr(done, 0.1),
                )
            epoch += 1
            reached = accuracy(flags.batch_size, epoch)
            print(f"epoch={epoch} accuracy={reached}", flush=True)
            action = trial.evaluate(epoch, accuracy=reached)
            if flags.diary and trial.active:
                note(flags.diary, trial.number, epoch)
            if action != "stop" and trial.checkpoint_dir:
                save(trial, epoch)


if __name__ == "__main__":
    main()
