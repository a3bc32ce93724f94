"""Checks that a trial paused in every way and resumed gives the same curve, bit for bit, as one never interrupted.

    python3 check_resume.py build/release/examples/fashion_mnist/fashion_mnist [--threads=2 ...]

Plays the tuner; further flags go to the trainer. Exit status: 0 the same, 1 not, 77 the data set is not installed.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from typing import Any, Callable, List, Optional

Message = dict
EPOCHS = 3
FLAGS = ["--batch-size=32", "--train-images=800", "--validation-images=200", "--test-images=100", "--width=4"]


class Stretch:
    """One process of the trial, from hello to exit; `act` sees every message and may interfere."""

    def __init__(self, trainer: str, folder: str, resume: Optional[str], act: Callable[["Stretch", Message], None]):
        self.heard: List[Message] = []
        self.checkpoint: Optional[str] = None
        path = os.path.join(folder, "tuner")
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(path)
            listener.listen(1)
            environment = {**os.environ, "SM2_SOCKET": path, "SM2_CHECKPOINT_DIR": folder}
            command = [trainer, f"--epochs={EPOCHS}", *FLAGS, *sys.argv[2:]]
            self.process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
            self.connection, _ = listener.accept()
        os.unlink(path)
        with self.connection, self.connection.makefile("r") as lines:
            for line in lines:
                message = json.loads(line)
                if "hello" in message:
                    self.say(trial=1, params={}, resume=resume, until=EPOCHS, unit="epoch", learning_rate=SCHEDULE)
                elif "checkpoint" in message:
                    self.checkpoint = message["checkpoint"]
                    assert os.path.exists(os.path.join(folder, message["checkpoint"])), message
                else:
                    self.heard.append(message)
                    act(self, message)
        if self.process.wait() != 0:
            sys.exit(f"the trainer ended with {self.process.returncode}")

    def say(self, **message: Any) -> None:
        self.connection.sendall(json.dumps(message).encode() + b"\n")

    def answer(self, message: Message, action: str = "continue") -> None:
        if "val_accuracy" in message:
            self.say(action=action)


SCHEDULE = {"schedule": "triangular", "low": 0.001, "high": 0.2, "first_step": 0, "cycle_steps": 40}


def unasked_pause_at(step: int) -> Callable[[Stretch, Message], None]:
    def act(stretch: Stretch, message: Message) -> None:
        stretch.answer(message)
        if message.get("step") == step:
            stretch.say(action="pause")

    return act


def terminate_at(step: int) -> Callable[[Stretch, Message], None]:
    def act(stretch: Stretch, message: Message) -> None:
        stretch.answer(message)
        if message.get("step") == step:
            stretch.process.send_signal(signal.SIGTERM)

    return act


def pause_at_epoch(epoch: int) -> Callable[[Stretch, Message], None]:
    def act(stretch: Stretch, message: Message) -> None:
        stretch.answer(message, "pause" if message.get("epoch") == epoch else "continue")

    return act


def main() -> int:
    if not os.path.exists("/usr/share/datasets/fashion-mnist"):
        print("the Debian package dataset-fashion-mnist is not installed")
        return 77
    trainer = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        whole = Stretch(trainer, folder, None, Stretch.answer).heard
    pieces: List[Message] = []
    with tempfile.TemporaryDirectory() as folder:
        resume = None
        for act in (unasked_pause_at(5), terminate_at(20), pause_at_epoch(1), unasked_pause_at(33), Stretch.answer):
            stretch = Stretch(trainer, folder, resume, act)
            resume = stretch.checkpoint
            pieces += stretch.heard
            print(f"{len(stretch.heard)} messages, then {resume}; kept: {sorted(os.listdir(folder))}")
    for one, other in zip(whole, pieces):
        if one != other:
            sys.exit(f"not the same:\n  {one}\n  {other}")
    if len(whole) != len(pieces):
        sys.exit(f"{len(whole)} messages uninterrupted, {len(pieces)} in pieces")
    print(f"the same {len(whole)} messages, down to {whole[-1]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
