"""Checks that a trial paused in every way and resumed gives the same curve, bit for bit, as one never interrupted.

    python3 check_resume.py TRAINER [FLAG ...]

Plays the tuner for a trainer on examples/trainer; the flags say what to train, small: at least four steps an epoch. Three
epochs are trained, once in one go and once in pieces: paused unasked in the middle of an epoch, ended by SIGTERM in the
middle of another, paused at an evaluation. Exit status: 0 the same, 1 not, 77 the data is not there.
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
PATIENCE_S = 240
NO_DATA = 2  # the trainers' exit status for bad usage or no data
SCHEDULE = {"schedule": "triangular", "low": 0.0005, "high": 0.02, "first_step": 0, "cycle_steps": 10}


class NoData(Exception):
    pass


class Stretch:
    """One process of the trial, from hello to exit; `act` sees every message and may interfere."""

    def __init__(self, trainer: List[str], folder: str, resume: Optional[str], act: Callable[["Stretch", Message], None]):
        self.heard: List[Message] = []
        self.checkpoint: Optional[str] = None
        self.steps_per_epoch = 0
        path = os.path.join(folder, "tuner")
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(path)
            listener.listen(1)
            listener.settimeout(0.2)
            environment = {**os.environ, "SM2_SOCKET": path, "SM2_CHECKPOINT_DIR": folder}
            command = [*trainer, f"--epochs={EPOCHS}"]
            self.process = subprocess.Popen(
                command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
            )
            self.connection = self.accepted(listener)
        os.unlink(path)
        self.connection.settimeout(PATIENCE_S)
        with self.connection, self.connection.makefile("r") as lines:
            for line in lines:
                self.hear(json.loads(line), folder, resume, act)
        errors = self.process.communicate()[1]
        if self.process.returncode != 0:
            sys.exit(f"the trainer ended with {self.process.returncode}: {errors}")

    def accepted(self, listener: socket.socket) -> socket.socket:
        while True:
            try:
                return listener.accept()[0]
            except TimeoutError:
                if self.process.poll() is not None:
                    errors = self.process.communicate()[1]
                    if self.process.returncode == NO_DATA and "cannot be opened" in errors:
                        raise NoData(errors.strip())
                    sys.exit(f"the trainer ended with {self.process.returncode} before its hello: {errors}")

    def hear(self, message: Message, folder: str, resume: Optional[str], act: Callable[["Stretch", Message], None]) -> None:
        if "hello" in message:
            self.steps_per_epoch = message["steps_per_unit"]
            self.say(trial=1, params={}, resume=resume, until=EPOCHS, unit="epoch", learning_rate=SCHEDULE)
        elif "checkpoint" in message:
            self.checkpoint = message["checkpoint"]
            assert os.path.exists(os.path.join(folder, message["checkpoint"])), message
        else:
            message.pop("memory_mb", None)  # of the process, not of the training
            self.heard.append(message)
            act(self, message)

    def say(self, **message: Any) -> None:
        self.connection.sendall(json.dumps(message).encode() + b"\n")

    def answer(self, message: Message, action: str = "continue") -> None:
        if "step" not in message:
            self.say(action=action)


def unasked_pause_after(epochs: float) -> Callable[[Stretch, Message], None]:
    def act(stretch: Stretch, message: Message) -> None:
        stretch.answer(message)
        if message.get("step") == round(epochs * stretch.steps_per_epoch):
            stretch.say(action="pause")

    return act


def terminate_after(epochs: float) -> Callable[[Stretch, Message], None]:
    def act(stretch: Stretch, message: Message) -> None:
        stretch.answer(message)
        if message.get("step") == round(epochs * stretch.steps_per_epoch):
            stretch.process.send_signal(signal.SIGTERM)

    return act


def pause_at_epoch(epoch: int) -> Callable[[Stretch, Message], None]:
    def act(stretch: Stretch, message: Message) -> None:
        stretch.answer(message, "pause" if message.get("epoch") == epoch else "continue")

    return act


def check(trainer: List[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        whole = Stretch(trainer, folder, None, Stretch.answer).heard
    pieces: List[Message] = []
    with tempfile.TemporaryDirectory() as folder:
        resume = None
        for act in (unasked_pause_after(0.3), terminate_after(0.7), pause_at_epoch(1), unasked_pause_after(1.4), Stretch.answer):
            stretch = Stretch(trainer, folder, resume, act)
            resume = stretch.checkpoint
            pieces += stretch.heard
            kept = sorted(name for name in os.listdir(folder) if name.startswith(("step-", "epoch-")))
            assert resume in kept and len(kept) <= 2, kept
            print(f"{len(stretch.heard)} messages, then {resume}; kept: {kept}")
    for one, other in zip(whole, pieces):
        if one != other:
            sys.exit(f"not the same:\n  {one}\n  {other}")
    if len(whole) != len(pieces):
        sys.exit(f"{len(whole)} messages uninterrupted, {len(pieces)} in pieces")
    if not any("noise_scale" in message for message in whole) and "--noise-every=0" not in trainer:
        sys.exit("no gradient noise scale was reported")
    print(f"the same {len(whole)} messages, down to {whole[-1]}")


def main() -> int:
    try:
        check([os.path.abspath(sys.argv[1]), *sys.argv[2:]])
    except NoData as none:
        print(none)
        return 77
    return 0


if __name__ == "__main__":
    sys.exit(main())
