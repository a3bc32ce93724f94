"""Lightning's Trainer made tunable by two lines:

    import sm2.lightning                                                              # (1)
    ...
    trainer.fit(model, loader, val_loader, ckpt_path=sm2.lightning.join(trainer, loader))    # (2)

The study's metric is one that the model logs in its validation, such as self.log("val_accuracy", ...). Batch size and
learning rate come from the command line, or from sm2.param("batch_size", 64); a schedule of the tuner's takes the place
of the model's own. Checkpoints are Lightning's own, in the trial's folder, at the end of every epoch.

Alone join() returns None and changes nothing. Errors: ValueError for a study's resource, or a size of a batch, that is not
known; SystemExit(0) at the end of a training that the tuner paused or stopped. One process a trial.
"""

from __future__ import annotations

from typing import Any, Mapping, Optional

try:
    from lightning.pytorch import Callback as LightningCallback
except ImportError:
    from pytorch_lightning import Callback as LightningCallback

from .checkpoints import Checkpoints
from .rates import LearningRates
from .trial import Trial, trial


def join(trainer: Any, loader: Any = None, *, batch_size: Optional[int] = None) -> Optional[str]:
    """Adds the callback; returns the checkpoint to go on from, if there is one.

    `loader`: what fit() trains on: its length lets the tuner lay learning-rate cycles.
    """
    accumulate = int(getattr(trainer, "accumulate_grad_batches", 1))
    steps = None if loader is None else max(1, len(loader) // accumulate)
    joined = trial(steps_per_unit=steps)
    if not joined.active:
        return None
    size = batch_size or getattr(loader, "batch_size", None) or joined.params.get("batch_size")
    if size is None:
        raise ValueError("the batch size is not known: write sm2.lightning.join(trainer, loader, batch_size=64)")
    trainer.callbacks.append(Callback(joined, int(size) * accumulate, steps))
    return joined.resume


class Callback(LightningCallback):
    """Added by join()."""

    def __init__(self, joined: Trial, samples_per_step: int, steps_per_epoch: Optional[int]) -> None:
        super().__init__()
        if joined.unit not in ("epoch", "step"):
            raise ValueError(f"sm2.lightning counts epoch and step; the study's resource is {joined.unit}")
        self._trial = joined
        self._samples_per_step = samples_per_step
        self._steps_per_epoch = steps_per_epoch
        self._checkpoints = Checkpoints(joined)
        self._rates: list[LearningRates] = []
        self._validated = False
        self._reported = -1

    def on_train_start(self, trainer: Any, pl_module: Any) -> None:
        self._rates = [LearningRates(optimizer) for optimizer in trainer.optimizers]

    def on_train_batch_start(self, trainer: Any, pl_module: Any, batch: Any, batch_idx: int) -> None:
        if self._trial.has_schedule:
            for rates in self._rates:
                rates.set(self._trial.lr(trainer.global_step))

    def on_train_batch_end(self, trainer: Any, pl_module: Any, outputs: Any, batch: Any, batch_idx: int) -> None:
        step = trainer.global_step
        if step == self._reported:  # gradients are still being accumulated
            return
        self._reported = step
        loss = outputs.get("loss") if isinstance(outputs, Mapping) else outputs
        self._trial.report(
            step=step,
            samples=step * self._samples_per_step,
            epoch=step / self._steps_per_epoch if self._steps_per_epoch else None,
            loss=None if loss is None else float(loss),
            learning_rate=self._rates[0].first if self._rates else None,
        )
        if self._trial.should_stop:
            trainer.should_stop = True

    def on_validation_end(self, trainer: Any, pl_module: Any) -> None:
        self._validated = not trainer.sanity_checking

    def on_train_epoch_end(self, trainer: Any, pl_module: Any) -> None:
        complete = self._steps_per_epoch is None or trainer.global_step % self._steps_per_epoch == 0
        resource = trainer.current_epoch + 1 if self._trial.unit == "epoch" else trainer.global_step
        if self._validated or (complete and not trainer.enable_validation):
            self._validated = False
            metrics = {name: float(value) for name, value in trainer.callback_metrics.items() if name != self._trial.unit}
            self._trial.evaluate(resource, **metrics)
        if self._trial.should_stop:
            trainer.should_stop = True
        if self._trial.action != "stop" and complete:
            self._checkpoints.save(f"epoch-{trainer.current_epoch + 1}", resource, trainer.save_checkpoint)

    def on_fit_end(self, trainer: Any, pl_module: Any) -> None:
        last = trainer.max_epochs
        unfinished = last in (None, -1) or trainer.current_epoch < last
        if self._trial.action == "pause" or (self._trial.action == "stop" and unfinished):
            self._trial.close()
            raise SystemExit(0)
