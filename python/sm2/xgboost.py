"""XGBoost made tunable by three lines:

    import sm2.xgboost                                                                # (1)
    ...
    tuned = sm2.xgboost.Callback(rounds=500, rows=train.num_row())                    # (2)
    xgboost.train(params, train, tuned.rounds_left, evals=[(held_out, "valid")],      # (3)
                  xgb_model=tuned.resume, callbacks=[tuned])

The study's resource is rounds of boosting, under any name. Metrics have the name of the evaluated data before their own:
"valid-auc". Parameters come from the command line, or from sm2.param("max_depth", 6). A checkpoint is the model.

Alone it does nothing. SystemExit(0) at the end of a training that the tuner paused or stopped. One process a trial.
"""

from __future__ import annotations

from typing import Any, Mapping, Optional

import xgboost

from .checkpoints import Checkpoints
from .trial import trial

_SUFFIX = ".ubj"


class Callback(xgboost.callback.TrainingCallback):
    """`rounds`: of the whole training; `rows`: of the training data; `checkpoint_every`: rounds; 0: only when asked."""

    def __init__(self, rounds: int, rows: Optional[int] = None, checkpoint_every: int = 10) -> None:
        super().__init__()
        self._trial = trial(steps_per_unit=1)
        self._checkpoints = Checkpoints(self._trial)
        self._rounds, self._rows, self._checkpoint_every = rounds, rows, checkpoint_every
        self._done = int(self._trial.start) if self._trial.resume else 0

    @property
    def resume(self) -> Optional[str]:
        """For xgb_model: the model to go on from, if there is one."""
        return self._trial.resume

    @property
    def rounds_left(self) -> int:
        return max(0, self._rounds - self._done)

    def before_training(self, model: Any) -> Any:
        if self._trial.active:
            self._done = int(model.num_boosted_rounds())
        return model

    def after_iteration(self, model: Any, epoch: int, evals_log: Mapping[str, Mapping[str, Any]]) -> bool:
        if not self._trial.active:
            return False
        self._done += 1
        if self._rows is not None:
            at = {} if self._trial.unit in ("step", "samples") else {self._trial.unit: self._done}
            self._trial.report(step=self._done, samples=self._done * self._rows, **at)
        self._trial.evaluate(self._done, **_latest(evals_log))
        paused = self._trial.action == "pause"
        due = bool(self._checkpoint_every) and self._done % self._checkpoint_every == 0
        if paused or (due and self._trial.action == "continue"):
            self._checkpoints.save(f"round-{self._done}{_SUFFIX}", self._done, lambda path: _save(model, path))
        return self._trial.should_stop

    def after_training(self, model: Any) -> Any:
        if self._trial.action == "pause" or (self._trial.action == "stop" and self._done < self._rounds):
            self._trial.close()
            raise SystemExit(0)
        return model


def _latest(evals_log: Mapping[str, Mapping[str, Any]]) -> dict[str, float]:
    found = {}
    for data, metrics in evals_log.items():
        for metric, history in metrics.items():
            value = history[-1]
            found[f"{data}-{metric}"] = float(value[0] if isinstance(value, tuple) else value)  # (mean, spread) of cv()
    return found


def _save(model: Any, path: str) -> None:
    """The ending of a file's name is its format."""
    with open(path, "wb") as file:
        file.write(model.save_raw("ubj"))
