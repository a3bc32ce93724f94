"""Trainers that misbehave at the level of processes, sockets and disks, each in the way that its first argument names.

They speak the protocol by hand, so that they can break it.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from typing import Any

SLEEP = 3600.0


class Tuner:
    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(os.environ["SM2_SOCKET"])
        self.say(hello=1)
        self.hear()

    def say(self, **message: Any) -> None:
        self.socket.sendall(json.dumps(message).encode() + b"\n")

    def hear(self) -> None:
        assert self.socket.recv(65536)

    def evaluate(self) -> None:
        self.say(epoch=1, accuracy=0.5)
        self.hear()


def behave() -> None:
    Tuner().evaluate()


def hang() -> None:
    Tuner()
    time.sleep(SLEEP)


def hear_nothing() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    hang()


def stop_itself() -> None:
    Tuner()
    os.kill(os.getpid(), signal.SIGSTOP)


def daemonise() -> None:
    """Two forks and a session of its own, deaf, and with no file that it inherited; the program goes on and evaluates."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.closerange(0, 64)
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            time.sleep(SLEEP)
        os._exit(0)
    os.wait()
    behave()


def fork_often() -> None:
    """Children of children, a few of them in groups and sessions of their own."""
    for _ in range(3):
        subprocess.Popen(["/bin/sh", "-c", f"sleep {SLEEP:g} & setsid sleep {SLEEP:g} & wait"])
    time.sleep(0.2)
    behave()


def fill_disk() -> None:
    Tuner()
    with open(os.path.join(os.environ["SM2_CHECKPOINT_DIR"], "big"), "wb") as file:
        while file.tell() < 1 << 30:
            file.write(b"x" * (1 << 20))
            print("wrote", file.tell(), flush=True)
            time.sleep(0.01)
    time.sleep(SLEEP)


def print_on_a_full_disk() -> None:
    with open(os.path.join(os.environ["SM2_CHECKPOINT_DIR"], "big"), "wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError as error:
            print("the disk is full:", error.strerror, flush=True)
    behave()


def print_a_gigabyte() -> None:
    block = (b"x" * 99 + b"\n") * 10_000
    for _ in range(1000):
        os.write(1, block)
    behave()


def print_without_newlines() -> None:
    block = b"x" * 1_000_000
    for _ in range(1000):
        os.write(1, block)
    behave()


def close_the_socket() -> None:
    Tuner().socket.close()
    print("closed", flush=True)


def speak_half_a_line() -> None:
    tuner = Tuner()
    tuner.socket.sendall(b'{"epoch": 1, "accuracy": 0.')
    tuner.socket.close()


def flood(line: bytes, seconds: float) -> None:
    tuner = Tuner()
    block = line * 1000
    begun = time.monotonic()
    while time.monotonic() - begun < seconds:
        tuner.socket.sendall(block)
    tuner.evaluate()


def flood_with_steps() -> None:
    flood(b'{"step": 7, "samples": 448, "epoch": 0.5, "loss": 1.5}\n', 3)


def flood_with_nan() -> None:
    flood(b'{"step": 7, "samples": 448, "loss": NaN}\n', SLEEP)


def flood_with_evaluations() -> None:
    """Without waiting for an answer, ever a little further, until it is told to end."""
    tuner = Tuner()
    evaluation = 0
    while True:
        lines = [b'{"epoch": %.9f, "accuracy": 0.5}\n' % ((evaluation + more) * 1e-9) for more in range(1000)]
        tuner.socket.sendall(b"".join(lines))
        evaluation += 1000


def eat_memory() -> None:
    tuner = Tuner()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    held = []
    while sum(map(len, held)) < 2 << 30:
        held.append(bytearray(b"x") * (8 << 20))
        print("holds", sum(map(len, held)), flush=True)
        time.sleep(0.02)
    tuner.evaluate()


def change_directory() -> None:
    """Into one that is then gone."""
    os.makedirs("gone", exist_ok=True)
    os.chdir("gone")
    os.rmdir("../gone")
    tuner = Tuner()
    with open(os.path.join(os.environ["SM2_CHECKPOINT_DIR"], "epoch-1"), "w") as file:
        file.write("weights")
    tuner.say(checkpoint="epoch-1", epoch=1)
    tuner.evaluate()


def crash_later() -> None:
    """Evaluates once in each start, and crashes at the second."""
    marker = os.path.join(os.environ["SM2_CHECKPOINT_DIR"], "epoch-1")
    tuner = Tuner()
    if os.path.exists(marker):
        raise RuntimeError("no luck in the second stretch")
    with open(marker, "w") as file:
        file.write("weights")
    tuner.say(checkpoint="epoch-1", epoch=1)
    tuner.evaluate()


if __name__ == "__main__":
    globals()[sys.argv[1]]()
