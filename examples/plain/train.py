"""A training script that knows nothing of SM2: it prints its accuracy, and the study's `pattern` reads it.

Logistic regression by stochastic gradient descent on synthetic points; standard library only.
"""

import argparse
import math
import random


def points(count: int, seed: int) -> list:
    """Nine features of very different scale that matter equally, which makes the small ones slow to learn."""
    source = random.Random(seed)
    made = []
    for _ in range(count):
        evidence = [source.gauss(0, 1) for _ in range(9)]
        label = sum(evidence) + source.gauss(0, 1) > 0
        made.append(([value / 1.6**index for index, value in enumerate(evidence)], label))
    return made


def probability(weights: list, features: list) -> float:
    logit = sum(weight * feature for weight, feature in zip(weights, features))
    return 1 / (1 + math.exp(-max(-500.0, min(500.0, logit))))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--batch-size", type=int, default=16)
    parser.add_argument("--learning-rate", type=float, default=0.1)
    parser.add_argument("--epochs", type=int, default=8)
    flags = parser.parse_args()

    training, validation = points(4000, seed=1), points(2000, seed=2)
    weights = [0.0] * 9
    for epoch in range(1, flags.epochs + 1):
        random.Random(epoch).shuffle(training)
        for start in range(0, len(training), flags.batch_size):
            batch = training[start : start + flags.batch_size]
            gradient = [0.0] * len(weights)
            for features, label in batch:
                error = probability(weights, features) - label
                gradient = [total + error * feature for total, feature in zip(gradient, features)]
            weights = [w - flags.learning_rate * g / len(batch) for w, g in zip(weights, gradient)]
        right = sum((probability(weights, features) > 0.5) == label for features, label in validation)
        print(f"epoch={epoch} val_accuracy={right / len(validation):.4f}", flush=True)


if __name__ == "__main__":
    main()
