"""The tuner's side of the protocol, for tests: one connection, answers given beforehand."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sys
import tempfile
import threading
from typing import Any, Iterable, Optional

import sm2  # noqa: F401

HELLO = {
    "trial": 7,
    "params": {"batch_size": 64, "learning_rate": 0.01, "optimizer": "sgd"},
    "resume": "epoch-1",
    "from": 1,
    "until": 4,
    "unit": "epoch",
    "learning_rate": {"schedule": "triangular", "low": 0.0, "high": 0.1, "first_step": 100, "cycle_steps": 400},
}


class FakeTuner:
    """Listens at SM2_SOCKET; answers the hello, and each evaluation (a message with "val_accuracy") with the next of
    `answers`. Where none is left, or the hello's answer is None, it closes the connection."""

    def __init__(self, hello: Optional[dict[str, Any]], answers: Iterable[str] = ()) -> None:
        self.hello = hello
        self.answers = list(answers)
        self.messages: list[dict[str, Any]] = []
        self.hearing = threading.Lock()  # while it is held, nothing more is read
        self._arrived = threading.Condition()

    def __enter__(self) -> FakeTuner:
        self.folder = tempfile.mkdtemp(prefix="sm2-test-")
        path = os.path.join(self.folder, "tuner")
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(path)
        self._listener.listen(1)
        self._connection: Optional[socket.socket] = None
        os.environ.update(SM2_SOCKET=path, SM2_CHECKPOINT_DIR=self.folder)
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.drain()
        self.hang_up()
        try:
            self._listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._thread.join()
        for end in (self._listener, self._connection):
            if end is not None:
                end.close()
        for name in ("SM2_SOCKET", "SM2_CHECKPOINT_DIR"):
            del os.environ[name]
        shutil.rmtree(self.folder)

    def drain(self) -> None:
        """Closes the trial's end, and reads what it had said."""
        joined = sys.modules["sm2.trial"]._open  # type: ignore[attr-defined]
        if joined is not None:
            joined.close()
        if self._connection is not None:
            self._thread.join(timeout=10)

    def say(self, text: str) -> None:
        assert self._connection is not None
        self._connection.sendall(text.encode() + b"\n")

    def hang_up(self) -> None:
        if self._connection is not None:
            try:
                self._connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def heard(self, count: int) -> dict[str, Any]:
        """The count-th message (the hello is the first), as soon as it has come."""
        with self._arrived:
            if not self._arrived.wait_for(lambda: len(self.messages) >= count, timeout=10):
                raise AssertionError(f"only {len(self.messages)} messages came")
            return self.messages[count - 1]

    def _serve(self) -> None:
        try:
            self._connection, _ = self._listener.accept()
        except OSError:
            return
        received = b""
        while True:
            try:
                got = self._connection.recv(65536)
            except OSError:
                return
            if not got:
                return
            with self.hearing:
                *lines, received = (received + got).split(b"\n")
            for line in lines:
                self._answer(json.loads(line))

    def _answer(self, message: dict[str, Any]) -> None:
        with self._arrived:
            self.messages.append(message)
            self._arrived.notify_all()
        if "hello" in message:
            if self.hello is None:
                self.hang_up()
            else:
                self.say(json.dumps(self.hello))
        elif "val_accuracy" in message:
            if self.answers:
                self.say(self.answers.pop(0))
            else:
                self.hang_up()
