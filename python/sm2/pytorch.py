"""A plain PyTorch loop made tunable by three lines:

    import sm2.pytorch                                                        # (1)
    ...
    for epoch in sm2.pytorch.epochs(20, model, optimizer, loader):            # (2) in place of range(20)
        for inputs, labels in loader:
            ...
            optimizer.step()
        sm2.pytorch.evaluate(val_accuracy=accuracy)                           # (3) at the end of every epoch

Alone, epochs() is range() and the rest does nothing. In a study every optimizer.step() is reported and trains at the
learning rate that the tuner asks for, and what backward() was called on is reported as the loss. Between epochs a
checkpoint is saved (model, optimiser, random numbers, and what else is given), and a later process goes on from it with
the same curve as if it had never been paused.

Errors: ValueError where the size of a batch, or the resource of the study, cannot be known; SystemExit(0) on the tuner's
pause and stop, which is how the script ends. One process a trial; one loop at a time.
"""

from __future__ import annotations

import contextlib
import functools
import random
import sys
import types
from typing import Any, Callable, Iterator, Optional, Union

import torch

from .checkpoints import Checkpoints
from .rates import LearningRates
from .trial import Action, Trial, trial

_UNITS = ("epoch", "step", "samples")
_STEPS_PER_DEVICE_LOSS = 10  # reading a loss from a GPU waits for the GPU

_loop: Optional[Epochs] = None


def epochs(
    count: Union[int, range],
    model: Any,
    optimizer: Any,
    loader: Any,
    *more: Any,
    batch_size: Optional[int] = None,
    accumulate: int = 1,
    checkpoint_every: int = 1,
) -> Epochs:
    """To be iterated over: the epochs that are left.

    `loader`: the batches of an epoch. `more`: what else goes into checkpoints, anything with state_dict() and
    load_state_dict(): a scheduler, a gradient scaler (whose scale is then taken out of the loss). `batch_size`: where the
    loader does not know it. `accumulate`: batches in one optimiser step. `checkpoint_every`: epochs between checkpoints;
    0: only when the tuner asks.
    """
    global _loop
    _loop = Epochs(count, model, optimizer, loader, more, batch_size, accumulate, checkpoint_every)
    return _loop


def evaluate(**metrics: Any) -> Action:
    """Tells the tuner the metrics of the epoch that is ending; once an epoch, the study's metric among them."""
    return "continue" if _loop is None else _loop.evaluate(**metrics)


def loss(value: Any) -> None:
    """The loss of the coming optimizer.step(), where it is another one than what backward() is called on."""
    if _loop is not None:
        _loop.loss(value)


class Epochs:
    """Made by epochs(). Between two epochs everything is as the checkpoint says."""

    def __init__(
        self,
        count: Union[int, range],
        model: Any,
        optimizer: Any,
        loader: Any,
        more: tuple[Any, ...],
        batch_size: Optional[int],
        accumulate: int,
        checkpoint_every: int,
    ) -> None:
        self._range = range(count) if isinstance(count, int) else count
        self._model, self._optimizer, self._loader, self._more = model, optimizer, loader, more
        self._checkpoint_every = checkpoint_every
        self._steps_per_epoch = _steps_per_epoch(loader, accumulate)
        self.trial: Trial = trial(steps_per_unit=self._steps_per_epoch)
        self.done = 0  # epochs
        self.step = 0
        self.samples = 0
        self._steps_in_epoch = 0
        self._loss: Any = None
        self._loss_is_told = False
        if not self.trial.active:
            return
        if self.trial.unit not in _UNITS:
            raise ValueError(f"sm2.pytorch counts epoch, step and samples; the study's resource is {self.trial.unit}")
        self._samples_per_step = accumulate * self._batch_size(batch_size)
        self._checkpoints = Checkpoints(self.trial)
        self._rates = LearningRates(optimizer)
        given = self.trial.params.get("learning_rate")
        if given is not None and not self.trial.has_schedule and not self._rates.scheduled:
            self._rates.set(given)

    def __iter__(self) -> Iterator[int]:
        if not self.trial.active:
            yield from self._range
            return
        if self.trial.resume:
            self._restore(self.trial.resume)
        original = self._optimizer.step
        self._optimizer.step = self._watched(original)
        try:
            yield from self._epochs_left()
        finally:
            self._optimizer.step = original

    def _epochs_left(self) -> Iterator[int]:
        with _each_backward(self._note):
            while self.done < len(self._range):
                self._leave_if(self.trial.should_stop)
                self._steps_in_epoch = 0
                yield self._range[self.done]
                self.done += 1
                self._between_epochs()

    def evaluate(self, **metrics: Any) -> Action:
        return self.trial.evaluate(self._resource(self.done + 1), **metrics)

    def loss(self, value: Any) -> None:
        if self.trial.active:
            self._loss = value.detach() if isinstance(value, torch.Tensor) else value
            self._loss_is_told = True

    def _note(self, value: Any) -> None:
        if not self._loss_is_told and value.numel() == 1:
            scales = [each.get_scale() for each in self._more if hasattr(each, "get_scale")]
            self._loss = value.detach() / (scales[0] if scales else 1)

    def _batch_size(self, given: Optional[int]) -> int:
        sampler = getattr(self._loader, "batch_sampler", None)
        told = (given, getattr(self._loader, "batch_size", None), getattr(sampler, "batch_size", None))
        size = next((size for size in (*told, self.trial.params.get("batch_size")) if size), None)
        if size is None:
            raise ValueError("the loader does not say its batch size: write sm2.pytorch.epochs(..., batch_size=64)")
        return int(size)

    def _resource(self, epochs: float) -> float:
        return {"epoch": epochs, "step": self.step, "samples": self.samples}[self.trial.unit]

    def _watched(self, original: Any) -> Any:
        @functools.wraps(original)
        def step(_: Any, *arguments: Any, **named: Any) -> Any:
            if self.trial.has_schedule:
                self._rates.set(self.trial.lr(self.step))
            result = original(*arguments, **named)
            self._stepped()
            return result

        return types.MethodType(step, self._optimizer)  # PyTorch's schedulers take a bound method apart

    def _stepped(self) -> None:
        self.step += 1
        self.samples += self._samples_per_step
        self._steps_in_epoch += 1
        share = self._steps_in_epoch / self._steps_per_epoch if self._steps_per_epoch else None
        self.trial.report(
            step=self.step,
            samples=self.samples,
            epoch=None if share is None else self.done + min(1.0, share),
            loss=self._readable_loss(),
            learning_rate=self._rates.first,
        )
        if share is None or share < 1:  # after an epoch's last step it is evaluated and saved all the same
            self._leave_if(self.trial.should_stop)

    def _readable_loss(self) -> Optional[float]:
        value, self._loss, self._loss_is_told = self._loss, None, False
        if value is None:
            return None
        on_device = isinstance(value, torch.Tensor) and value.device.type != "cpu"
        return None if on_device and self.step % _STEPS_PER_DEVICE_LOSS else float(value)

    def _between_epochs(self) -> None:
        complete = self.done == len(self._range)
        if self.trial.action == "stop":
            self._leave_if(not complete)
            return
        paused = self.trial.action == "pause"
        if paused or (self._checkpoint_every and self.done % self._checkpoint_every == 0):
            resource = self._resource(self.done)
            self._checkpoints.save(f"epoch-{self.done}", resource, self._write)
        self._leave_if(paused)

    def _leave_if(self, ended: bool) -> None:
        if ended:
            self.trial.close()
            raise SystemExit(0)

    def _write(self, path: str) -> None:
        state = {
            "params": self._own_params(),
            "done": self.done,
            "step": self.step,
            "samples": self.samples,
            "model": self._model.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "more": [each.state_dict() for each in self._more],
            "random": _random_state(self._loader),
        }
        torch.save(state, path)

    def _restore(self, path: str) -> None:
        state = torch.load(path, map_location="cpu", weights_only=False)
        self.done, self.step, self.samples = state["done"], state["step"], state["samples"]
        own = [{key: group[key] for key in group if key != "params"} for group in self._optimizer.param_groups]
        bases = [getattr(each, "base_lrs", None) for each in self._more]
        self._model.load_state_dict(state["model"])
        self._optimizer.load_state_dict(state["optimizer"])
        for each, kept in zip(self._more, state["more"]):
            each.load_state_dict(kept)
        if state["params"] != self._own_params():  # another trial's checkpoint: its weights, our options
            for group, options in zip(self._optimizer.param_groups, own):
                group.update(options)
            for each, base in zip(self._more, bases):
                if base is not None:
                    each.base_lrs = base
        _set_random_state(self._loader, state["random"])

    def _own_params(self) -> dict[str, Any]:
        """Those that options come from: a scheduled learning rate is another one in every stretch."""
        left_out = {"learning_rate"} if self.trial.has_schedule else set()
        return {name: value for name, value in self.trial.params.items() if name not in left_out}


@contextlib.contextmanager
def _each_backward(note: Callable[[Any], None]) -> Iterator[None]:
    """Meanwhile, `note` sees every tensor that backward() is called on."""
    original = torch.Tensor.backward

    @functools.wraps(original)
    def backward(self: Any, *arguments: Any, **named: Any) -> Any:
        note(self)
        return original(self, *arguments, **named)

    torch.Tensor.backward = backward
    try:
        yield
    finally:
        torch.Tensor.backward = original


def _steps_per_epoch(loader: Any, accumulate: int) -> Optional[int]:
    try:
        return max(1, len(loader) // accumulate)
    except TypeError:  # a stream
        return None


def _random_state(loader: Any) -> dict[str, Any]:
    state: dict[str, Any] = {"python": random.getstate(), "torch": torch.get_rng_state()}
    if torch.cuda.is_available():
        state["cuda"] = torch.cuda.get_rng_state_all()
    if "numpy" in sys.modules:
        state["numpy"] = sys.modules["numpy"].random.get_state()
    generator = getattr(loader, "generator", None)
    if generator is not None:
        state["loader"] = generator.get_state()
    return state


def _set_random_state(loader: Any, state: dict[str, Any]) -> None:
    random.setstate(state["python"])
    torch.set_rng_state(state["torch"])
    if "cuda" in state and torch.cuda.is_available() and len(state["cuda"]) == torch.cuda.device_count():
        torch.cuda.set_rng_state_all(state["cuda"])
    if "numpy" in state and "numpy" in sys.modules:
        sys.modules["numpy"].random.set_state(state["numpy"])
    generator = getattr(loader, "generator", None)
    if generator is not None and "loader" in state:
        generator.set_state(state["loader"])
