"""A trial as its training program sees it; docs/protocol.md is the contract.

A program that no tuner started (SM2_SOCKET is not set) runs as if this package were not there: the trial is not
active, its calls do nothing, and its action is always "continue".

Steps are optimiser steps and samples are training samples, both counted since the trial's very beginning,
checkpoints included; the resource is in the study's unit (epochs, unless the study says otherwise).

A process has one trial: while it is open, trial() returns that one again.

Errors: trial() raises JoinError; checkpoint() raises ValueError for a name that is a path, and lr() where nobody gave a
learning rate. Nothing else raises: when the tuner is gone, the action is "stop". A trial belongs to one thread at a time.
"""

from __future__ import annotations

import json
import math
import os
from types import TracebackType
from typing import Any, Literal, Mapping, Optional, Type, Union

from .connection import Connection
from .schedule import NAMES, Schedule

Action = Literal["continue", "pause", "stop"]


class JoinError(RuntimeError):
    """The tuner could not be reached, refused this process, or speaks another protocol."""


def trial(steps_per_unit: Optional[float] = None) -> Trial:
    """Connects, says hello and waits for the answer. Alone it only reads SM2_PARAMS, if that is set.

    `steps_per_unit`: optimiser steps in one unit of resource; lets the tuner lay learning-rate cycles.
    """
    global _open
    params = given()
    path = os.environ.get("SM2_SOCKET", "")
    if not path:
        return Trial(None, {"params": params}, None)
    if _open is not None and _open._belongs_to(os.getpid(), path):
        return _open
    try:
        connection = Connection(path)
    except OSError as error:
        raise JoinError(f"no tuner at SM2_SOCKET {path}: {error.strerror or error}") from None
    try:
        hello: dict[str, Any] = {"hello": 1, "client": "python/1.0", "schedules": NAMES}
        if steps_per_unit is not None:
            hello["steps_per_unit"] = steps_per_unit
        connection.send(_line(hello))
        _open = _joined(connection, path, params)
    except JoinError:
        connection.close()
        raise
    return _open


def param(name: str, otherwise: Any = None) -> Any:
    """The tuner's value of a parameter, without joining; `otherwise` alone, and where this trial has no such parameter."""
    return given().get(name, otherwise)


_open: Optional[Trial] = None


def given() -> dict[str, Any]:
    """The parameters in the environment, none where there are none."""
    text = os.environ.get("SM2_PARAMS", "")
    found = _object(text) if text else {}
    if found is None:
        raise JoinError(f"SM2_PARAMS is not a JSON object: {text}")
    return found


def _joined(connection: Connection, path: str, params: dict[str, Any]) -> Trial:
    asked = None
    while True:
        line = connection.wait_line()
        if line is None:
            raise JoinError(f"the tuner at SM2_SOCKET {path} refused this process")
        answer = _object(line)
        if answer is None:
            raise JoinError(f"the answer of the tuner is not a JSON object: {line!r}")
        if "action" not in answer:
            break
        asked = answer
    directory = os.environ.get("SM2_CHECKPOINT_DIR") or None
    if answer.get("resume") and directory is None:
        raise JoinError(f"the tuner asks to resume from {answer['resume']}, but SM2_CHECKPOINT_DIR is not set")
    joined = Trial(connection, {"params": params, **answer}, directory)
    if asked is not None:
        joined._obey(asked)
    return joined


class Trial:
    """Made by trial(); a context manager that closes the connection."""

    def __init__(self, connection: Optional[Connection], hello: Mapping[str, Any], directory: Optional[str]) -> None:
        self._connection = connection
        self._home = (os.getpid(), os.environ.get("SM2_SOCKET", ""))
        self._action: Action = "continue"
        self.evaluations: int = 0
        """How many of this process the tuner was sent."""
        self.active: bool = connection is not None
        """A tuner started this program; stays true when it is gone later."""
        self.number: Optional[int] = hello.get("trial", _whole(os.environ.get("SM2_TRIAL")))
        self.params: dict[str, Any] = hello.get("params") or {}
        self.unit: str = hello.get("unit") or "epoch"
        """The resource's name."""
        self.start: float = hello.get("from") or 0.0
        """The resource at which this stretch begins."""
        until = hello.get("until")
        self.until: float = math.inf if until is None else until
        """The resource at which this stretch ends; infinite when alone."""
        self.checkpoint_dir: Optional[str] = directory
        """Where checkpoints go; None when alone."""
        resume = hello.get("resume")
        self.resume: Optional[str] = os.path.join(directory, resume) if directory and resume else None
        """The checkpoint to go on from: a file or folder that an earlier stretch announced."""
        asked = hello.get("learning_rate")
        self._schedule: Optional[Schedule] = Schedule.asked(asked) if isinstance(asked, dict) else None

    @property
    def action(self) -> Action:
        """The strongest action asked for so far, in an answer or unasked; it never weakens.

        "pause": save a checkpoint, announce it, exit with 0. "stop": exit with 0; nothing need be kept.
        """
        return self._action

    @property
    def should_stop(self) -> bool:
        """Whether training is to end now, by a pause or a stop."""
        return self._action != "continue"

    @property
    def has_schedule(self) -> bool:
        """Whether the tuner asks for a learning rate at every step."""
        return self._schedule is not None

    def lr(self, step: int, otherwise: Optional[float] = None) -> float:
        """What the tuner's schedule asks for at `step`; where it asks for none, `otherwise`, else params["learning_rate"]."""
        if self._schedule is not None:
            return self._schedule.at(step)
        if otherwise is not None:
            return otherwise
        given = self.params.get("learning_rate")
        if isinstance(given, (int, float)):
            return float(given)
        raise ValueError("no learning rate: the tuner asks for none; write t.lr(step, otherwise=0.1)")

    def report(self, *, step: int, samples: int, **values: Optional[float]) -> None:
        """Fire and forget, cheap enough for every optimiser step; looks for an action without waiting.

        `values`: the resource under its name (`epoch=0.13`), `loss`, `learning_rate`, and where the program estimates
        it the gradient noise scale in samples, `noise_scale` (arXiv 1812.06162). While the tuner does not keep up,
        reports are left out rather than training held up.
        """
        if self._connection is None:
            return
        self._connection.offer(_line({"step": int(step), "samples": int(samples), **values}))
        line = self._connection.poll_line()
        while line is not None:
            self._obey(_object(line))
            line = self._connection.poll_line()
        if self._connection.lost:
            self._action = "stop"

    def evaluate(self, resource: float, **metrics: float) -> Action:
        """Waits until the tuner has kept the evaluation and decided."""
        if self._connection is None:
            return "continue"
        self.evaluations += 1
        self._connection.send(_line({**metrics, self.unit: resource}))
        while True:
            line = self._connection.wait_line()
            if line is None:
                self._action = "stop"
            if line is None or self._obey(_object(line)):
                return self._action

    def checkpoint(self, name: str, resource: Optional[float] = None) -> None:
        """Announces that `name`, a single path component inside checkpoint_dir, is complete.

        Write it under another name, rename it, then call this.
        """
        if name in ("", ".", "..") or "/" in name:
            raise ValueError(f"the name of a checkpoint is a single path component, not {name!r}")
        if self._connection is None:
            return
        at = {} if resource is None else {self.unit: resource}
        self._connection.send(_line({"checkpoint": name, **at}))

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._home = (0, "")

    def _belongs_to(self, process: int, path: str) -> bool:
        """Whether it is still open, and this process's: not its parent's, nor of another tuner."""
        return self._home == (process, path)

    def __enter__(self) -> Trial:
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.close()

    def _obey(self, message: Optional[Mapping[str, Any]]) -> bool:
        """Whether the message was an action; the strongest one stays."""
        if message is None or "action" not in message:
            return False
        asked = message["action"]
        if asked == "stop" or (asked == "pause" and self._action == "continue"):
            self._action = asked
        return True


def _object(text: Union[str, bytes]) -> Optional[dict[str, Any]]:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _line(message: Mapping[str, Any]) -> bytes:
    return json.dumps({key: _plain(value) for key, value in message.items() if value is not None}).encode()


def _plain(value: Any) -> Any:
    """As JSON: numbers of other libraries (NumPy scalars, one-element tensors) as floats, others than finite as text."""
    if isinstance(value, (str, bool, int, tuple)):
        return value
    number = float(value)
    return number if math.isfinite(number) else str(number)


def _whole(text: Optional[str]) -> Optional[int]:
    try:
        return None if text is None else int(text)
    except ValueError:
        return None
