"""Hugging Face's Trainer made tunable by two lines:

    import sm2.transformers                                                           # (1)
    ...
    trainer.train(resume_from_checkpoint=sm2.transformers.join(trainer))              # (2)

The study's metric is one that the Trainer evaluates, such as "eval_loss": give it an eval_strategy. Batch size and
learning rate come from the command line, or from sm2.param("batch_size", 8) where TrainingArguments are made; a schedule
of the tuner's takes the place of the Trainer's own. Checkpoints are the Trainer's own, in the trial's folder.

Alone join() returns None and changes nothing. Errors: ValueError for a study's resource that is not counted here;
SystemExit(0) at the end of a training that the tuner paused or stopped. One process a trial.
"""

from __future__ import annotations

import math
import numbers
import os
from typing import Any, Mapping, Optional

from transformers import TrainerCallback

from .rates import LearningRates
from .trial import Trial, trial

_UNITS = ("epoch", "step", "samples")
_FEWEST_CHECKPOINTS = 2  # the last announcement is certain only when the next evaluation has been answered


def join(trainer: Any) -> Optional[str]:
    """Adds the callback; returns the checkpoint to go on from, if there is one."""
    joined = trial(steps_per_unit=_steps_per_epoch(trainer))
    if not joined.active:
        return None
    arguments = trainer.args
    arguments.output_dir = joined.checkpoint_dir
    if arguments.save_total_limit is not None:
        arguments.save_total_limit = max(arguments.save_total_limit, _FEWEST_CHECKPOINTS)
    trainer.add_callback(Callback(joined))
    return joined.resume


class Callback(TrainerCallback):
    """Added by join()."""

    def __init__(self, joined: Trial) -> None:
        if joined.active and joined.unit not in _UNITS:
            raise ValueError(
                f"sm2.transformers counts epoch, step and samples; the study's resource is {joined.unit}"
            )
        self._trial = joined
        self._rates: Optional[LearningRates] = None
        self._loss: Optional[float] = None
        self._training = False

    def on_train_begin(self, args: Any, state: Any, control: Any, **given: Any) -> None:
        self._training = True
        self._rates = LearningRates(given["optimizer"]) if given.get("optimizer") is not None else None

    def on_step_begin(self, args: Any, state: Any, control: Any, **given: Any) -> None:
        if self._rates is not None and self._trial.has_schedule:
            self._rates.set(self._trial.lr(state.global_step))

    def on_step_end(self, args: Any, state: Any, control: Any, **given: Any) -> None:
        loss, self._loss = self._loss, None
        self._trial.report(
            step=state.global_step,
            samples=_samples(args, state),
            epoch=state.epoch,
            loss=loss,
            learning_rate=None if self._rates is None else self._rates.first,
        )
        self._obey(control)

    def on_log(self, args: Any, state: Any, control: Any, logs: Optional[Mapping[str, Any]] = None, **_: Any) -> None:
        loss = (logs or {}).get("loss")
        self._loss = float(loss) if isinstance(loss, numbers.Real) else None

    def on_evaluate(
        self, args: Any, state: Any, control: Any, metrics: Optional[Mapping[str, Any]] = None, **_: Any
    ) -> None:
        if not self._training:  # a last evaluation by the script itself
            return
        found = {name: value for name, value in (metrics or {}).items() if isinstance(value, numbers.Real)}
        for unit in _UNITS:
            found.pop(unit, None)
        resource = {"epoch": round(state.epoch, 6), "step": state.global_step, "samples": _samples(args, state)}
        self._trial.evaluate(resource[self._trial.unit], **{name: float(value) for name, value in found.items()})
        self._obey(control)

    def on_save(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        name = f"checkpoint-{state.global_step}"
        if self._trial.checkpoint_dir and os.path.isdir(os.path.join(self._trial.checkpoint_dir, name)):
            resource = {"epoch": round(state.epoch, 6), "step": state.global_step, "samples": _samples(args, state)}
            self._trial.checkpoint(name, resource[self._trial.unit])

    def on_train_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        self._training = False
        if self._trial.action == "pause" or (self._trial.action == "stop" and state.global_step < state.max_steps):
            self._trial.close()
            raise SystemExit(0)

    def _obey(self, control: Any) -> None:
        if self._trial.action == "pause":
            control.should_save = True
        if self._trial.should_stop:
            control.should_training_stop = True


def _samples_per_step(arguments: Any) -> int:
    return int(arguments.train_batch_size * arguments.gradient_accumulation_steps * getattr(arguments, "world_size", 1))


def _samples(arguments: Any, state: Any) -> int:
    return int(state.global_step) * _samples_per_step(arguments)


def _steps_per_epoch(trainer: Any) -> Optional[float]:
    try:
        return math.ceil(len(trainer.train_dataset) / _samples_per_step(trainer.args))
    except TypeError:  # a stream
        return None
