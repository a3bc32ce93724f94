"""A training script made tunable with sm2: the lines marked with (1) to (3). Alone it trains as always."""

import argparse
import os
import pickle
import random

import sm2
from spirals import Network, points


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--batch-size", type=int, default=16)
    parser.add_argument("--learning-rate", type=float, default=0.5)
    parser.add_argument("--epochs", type=int, default=16)
    parser.add_argument("--seed", type=int, default=1)
    flags = parser.parse_args()

    training, validation = points(3000, seed=1), points(1500, seed=2)
    network = Network(width=16, seed=flags.seed)
    starts = range(0, len(training), flags.batch_size)
    epoch = step = 0

    with sm2.trial(steps_per_unit=len(starts)) as t:  # (1) alone: does nothing
        if t.resume:
            with open(t.resume, "rb") as file:
                network, epoch, step = pickle.load(file)
        while epoch < flags.epochs and not t.should_stop:
            order = random.Random(f"{flags.seed} {epoch}").sample(training, len(training))
            for start in starts:
                batch = order[start : start + flags.batch_size]
                rate = t.lr(step, flags.learning_rate)
                loss = network.step(batch, rate)
                step += 1
                done = epoch + (start + len(batch)) / len(training)
                samples = epoch * len(training) + start + len(batch)
                t.report(step=step, samples=samples, epoch=done, loss=loss, learning_rate=rate)  # (2)
                if t.action == "stop":
                    return
            epoch += 1
            accuracy = network.accuracy(validation)
            print(f"epoch={epoch} val_accuracy={accuracy:.4f}", flush=True)
            if t.evaluate(epoch, val_accuracy=accuracy) != "stop" and t.checkpoint_dir:  # (3)
                save(t, f"epoch-{epoch}", (network, epoch, step))


def save(t: sm2.Trial, name: str, state: object) -> None:
    assert t.checkpoint_dir
    unfinished = os.path.join(t.checkpoint_dir, ".unfinished")
    with open(unfinished, "wb") as file:
        pickle.dump(state, file)
    os.replace(unfinished, os.path.join(t.checkpoint_dir, name))
    t.checkpoint(name, state[1])  # type: ignore[index]


if __name__ == "__main__":
    main()
