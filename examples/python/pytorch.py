"""A plain PyTorch script, made tunable by the three lines marked (1) to (3). Started by hand it trains as always."""

import argparse

import sm2.pytorch  # (1)
import torch

from spirals import CLASSES, points


def as_dataset(count: int, seed: int) -> torch.utils.data.TensorDataset:
    rows = points(count, seed)
    inputs = torch.tensor([(x, y) for x, y, _ in rows])
    return torch.utils.data.TensorDataset(inputs, torch.tensor([label for _, _, label in rows]))


def accuracy(model: torch.nn.Module, data: torch.utils.data.TensorDataset) -> float:
    inputs, labels = data.tensors
    with torch.no_grad():
        return (model(inputs).argmax(1) == labels).float().mean().item()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--learning-rate", type=float, default=0.1)
    parser.add_argument("--epochs", type=int, default=16)
    flags = parser.parse_args()

    torch.manual_seed(1)
    torch.set_num_threads(1)
    training, validation = as_dataset(3000, seed=1), as_dataset(1500, seed=2)
    loader = torch.utils.data.DataLoader(training, batch_size=flags.batch_size, shuffle=True)
    model = torch.nn.Sequential(torch.nn.Linear(2, 32), torch.nn.Tanh(), torch.nn.Linear(32, CLASSES))
    optimizer = torch.optim.SGD(model.parameters(), lr=flags.learning_rate)

    for epoch in sm2.pytorch.epochs(flags.epochs, model, optimizer, loader):  # (2) was: for epoch in range(flags.epochs):
        for inputs, labels in loader:
            optimizer.zero_grad()
            loss = torch.nn.functional.cross_entropy(model(inputs), labels)
            loss.backward()
            optimizer.step()
        reached = accuracy(model, validation)
        print(f"epoch={epoch + 1} val_accuracy={reached:.4f}", flush=True)
        sm2.pytorch.evaluate(val_accuracy=reached)  # (3)


if __name__ == "__main__":
    main()
