"""Keras made tunable by three lines:

    import sm2.keras                                                                  # (1)
    ...
    tuned = sm2.keras.Callback(steps_per_epoch=len(x) // 64, batch_size=64)           # (2)
    model.fit(x, y, epochs=20, initial_epoch=tuned.initial_epoch, callbacks=[tuned])  # (3)

The study's metric is one of Keras's logs, such as "val_accuracy". Batch size and learning rate come from the command line,
or from sm2.param("batch_size", 64); a schedule of the tuner's takes the place of a number that the optimiser was compiled
with (not of a schedule object of Keras's). A checkpoint is the model's weights and its optimiser's, as save_weights()
writes them; the order of samples after a pause is another one than it would have been.

Alone it does nothing. Errors: ValueError for a study's resource, or a size of a batch, that is not known; SystemExit(0) at
the end of a training that the tuner paused or stopped. One process a trial.
"""

from __future__ import annotations

import json
import numbers
import os
from typing import Any, Mapping, Optional

import keras

from .checkpoints import Checkpoints
from .trial import trial

_WEIGHTS, _STATE = "model.weights.h5", "state.json"


class Callback(keras.callbacks.Callback):
    def __init__(self, steps_per_epoch: Optional[int] = None, batch_size: Optional[int] = None) -> None:
        super().__init__()
        self._trial = trial(steps_per_unit=steps_per_epoch)
        self._checkpoints = Checkpoints(self._trial)
        self._steps_per_epoch = steps_per_epoch
        self._batch_size = batch_size or self._trial.params.get("batch_size")
        self._state = {"epoch": 0, "step": 0}
        self._interrupted = False
        if not self._trial.active:
            return
        if self._trial.unit not in ("epoch", "step"):
            raise ValueError(f"sm2.keras counts epoch and step; the study's resource is {self._trial.unit}")
        if self._batch_size is None:
            raise ValueError("the batch size is not known: write sm2.keras.Callback(batch_size=64)")
        if self._trial.resume:
            with open(os.path.join(self._trial.resume, _STATE), encoding="ascii") as file:
                self._state = json.load(file)

    @property
    def initial_epoch(self) -> int:
        """For fit(): 0, or how many epochs the checkpoint has behind it."""
        return self._state["epoch"]

    def on_train_begin(self, logs: Optional[Mapping[str, Any]] = None) -> None:
        if self._trial.resume:
            self.model.load_weights(os.path.join(self._trial.resume, _WEIGHTS))

    def on_train_batch_begin(self, batch: int, logs: Optional[Mapping[str, Any]] = None) -> None:
        if self._trial.has_schedule:
            _set_rate(self.model.optimizer, self._trial.lr(self._state["step"]))

    def on_train_batch_end(self, batch: int, logs: Optional[Mapping[str, Any]] = None) -> None:
        if not self._trial.active:
            return
        self._state["step"] += 1
        step, steps = self._state["step"], self._steps_per_epoch
        self._trial.report(
            step=step,
            samples=step * int(self._batch_size or 0),
            epoch=self._state["epoch"] + min(1.0, (batch + 1) / steps) if steps else None,
            loss=(logs or {}).get("loss"),
            learning_rate=self._trial.lr(step - 1) if self._trial.has_schedule else None,
        )
        if self._trial.should_stop:
            self._interrupted = True
            self.model.stop_training = True

    def on_epoch_end(self, epoch: int, logs: Optional[Mapping[str, Any]] = None) -> None:
        if not self._trial.active or self._interrupted:
            return
        self._state["epoch"] = epoch + 1
        resource = self._state[self._trial.unit]
        metrics = {name: float(value) for name, value in (logs or {}).items() if isinstance(value, numbers.Real)}
        self._trial.evaluate(resource, **metrics)
        if self._trial.action != "stop":
            self._checkpoints.save(f"epoch-{epoch + 1}", resource, self._write)
        if self._trial.should_stop:
            self.model.stop_training = True

    def on_train_end(self, logs: Optional[Mapping[str, Any]] = None) -> None:
        unfinished = self._state["epoch"] < self.params.get("epochs", 0)
        if self._trial.action == "pause" or (self._trial.action == "stop" and unfinished):
            self._trial.close()
            raise SystemExit(0)

    def _write(self, folder: str) -> None:
        os.mkdir(folder)
        self.model.save_weights(os.path.join(folder, _WEIGHTS))
        with open(os.path.join(folder, _STATE), "w", encoding="ascii") as file:
            json.dump(self._state, file)


def _set_rate(optimizer: Any, rate: float) -> None:
    variable = optimizer.learning_rate
    if hasattr(variable, "assign"):
        variable.assign(rate)
    else:
        optimizer.learning_rate = rate
