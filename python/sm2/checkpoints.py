"""Checkpoints in a trial's folder: written under another name, renamed, announced.

The last two stay, because an announcement is certain only when the next evaluation has been answered; older ones of
this process are deleted. A file that the writer wrote, or a folder, is a checkpoint. Errors of the file system are raised.
"""

from __future__ import annotations

import os
import shutil
from typing import Callable

from .trial import Trial

_UNFINISHED = "unfinished"
_KEPT = 2


class Checkpoints:
    def __init__(self, trial: Trial) -> None:
        self._trial = trial
        self._names = [os.path.basename(trial.resume)] if trial.resume else []

    def save(self, name: str, resource: float, write: Callable[[str], None]) -> None:
        """`write` gets a path where nothing is. Alone nothing happens."""
        folder = self._trial.checkpoint_dir
        if folder is None:
            return
        unfinished, finished = os.path.join(folder, _UNFINISHED), os.path.join(folder, name)
        _remove(unfinished)
        write(unfinished)
        if os.path.isdir(finished):
            _remove(finished)
        os.replace(unfinished, finished)
        self._trial.checkpoint(name, resource)
        self._names = [known for known in self._names if known != name] + [name]
        while len(self._names) > _KEPT:
            _remove(os.path.join(folder, self._names.pop(0)))


def _remove(path: str) -> None:
    if os.path.isdir(path):
        shutil.rmtree(path)
    elif os.path.lexists(path):
        os.remove(path)
