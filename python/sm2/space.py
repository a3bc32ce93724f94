"""What can be tuned: the [space] of a study file, said in Python.

    {"batch_size": sm2.choice([16, 32, 64]), "learning_rate": sm2.log_uniform(1e-4, 1.0),
     "momentum": sm2.uniform(0.8, 0.99, when={"optimizer": "sgd"}), "optimizer": ["sgd", "adam"]}

`when`: the parameter exists only in trials where its parent has that value, or one of those values. A list alone is a
choice. Errors: TypeError and ValueError, one line that says what would be right.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any, Mapping, Optional, Sequence, Union

Value = Union[str, bool, int, float]
When = Optional[Mapping[str, Union[Value, Sequence[Value]]]]

_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}")


@dataclass(frozen=True)
class Parameter:
    """Made by choice(), uniform(), log_uniform() and integers(); its keys are those of the study file."""

    keys: Mapping[str, Any]

    def can_be(self, value: Any) -> bool:
        if "values" in self.keys:
            return any(_same(value, each) for each in self.keys["values"])
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return False
        return bool(self.keys["low"] <= value <= self.keys["high"])


def choice(values: Sequence[Value], when: When = None) -> Parameter:
    """One of some texts, numbers or booleans."""
    if isinstance(values, (str, bytes)) or not isinstance(values, Sequence):
        raise TypeError(f"choice() takes a list of values, not {values!r}")
    if not values:
        raise ValueError("choice() takes at least one value")
    for index, value in enumerate(values):
        if not isinstance(value, (str, bool, int, float)):
            raise TypeError(f"choice() takes texts, numbers and booleans, not {value!r}")
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError(f"choice() takes finite numbers, not {value!r}")
        if any(_same(value, earlier) for earlier in values[:index]):
            raise ValueError(f"choice() takes values that are all different; {value!r} is there twice")
    return _parameter({"values": list(values)}, when)


def uniform(low: float, high: float, *, step: Optional[float] = None, when: When = None) -> Parameter:
    """Reals from low to high, both included; with `step` only its multiples from `low`."""
    return _reals("uniform", low, high, "linear", step, when)


def log_uniform(low: float, high: float, *, when: When = None) -> Parameter:
    """Reals from low to high on a log scale: for learning rates, weight decay and the like."""
    return _reals("log_uniform", low, high, "log", None, when)


def integers(low: int, high: int, *, step: int = 1, log: bool = False, when: When = None) -> Parameter:
    """Whole numbers from low to high, both included."""
    for name, value in (("low", low), ("high", high), ("step", step)):
        if isinstance(value, bool) or not isinstance(value, int):
            raise TypeError(f"integers() takes whole numbers; its {name} is {value!r}")
    if not low < high:
        raise ValueError(f"integers(): low is to be below high, but {low} is not below {high}")
    if step < 1:
        raise ValueError(f"integers(): step is to be 1 or more, not {step}")
    if log and low < 1:
        raise ValueError(f"integers(): on a log scale low is to be 1 or more, not {low}")
    return _parameter({"low": low, "high": high, "step": step, "scale": "log" if log else "linear"}, when)


def checked(space: Mapping[str, Union[Parameter, Sequence[Value]]]) -> dict[str, dict[str, Any]]:
    """The [space] table: names, and parents that exist and can have these values."""
    if not isinstance(space, Mapping) or not space:
        raise ValueError('the space is to be a dictionary, such as {"batch_size": sm2.choice([16, 32, 64])}')
    found: dict[str, Parameter] = {}
    for name, given in space.items():
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise ValueError(f"a parameter's name has 1 to 100 letters, digits, '-', '_' and '.', unlike {name!r}")
        if isinstance(given, (list, tuple)):
            given = choice(given)
        if not isinstance(given, Parameter):
            raise TypeError(f"{name}: write sm2.choice(), sm2.uniform(), sm2.log_uniform() or sm2.integers(), not {given!r}")
        found[name] = given
    for name, parameter in found.items():
        _check_parent(name, parameter, found)
    return {name: dict(parameter.keys) for name, parameter in found.items()}


def _reals(kind: str, low: float, high: float, scale: str, step: Optional[float], when: When) -> Parameter:
    low, high = _real(kind, "low", low), _real(kind, "high", high)
    if not low < high:
        raise ValueError(f"{kind}(): low is to be below high, but {low} is not below {high}")
    if scale == "log" and not low > 0:
        raise ValueError(f"{kind}(): on a log scale low is to be above 0, not {low}")
    keys: dict[str, Any] = {"low": low, "high": high, "scale": scale}
    if step is not None:
        keys["step"] = _real(kind, "step", step)
        if not 0 < keys["step"] <= high - low:
            raise ValueError(f"{kind}(): step is to be above 0 and at most high - low, not {step}")
    return _parameter(keys, when)


def _real(kind: str, name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{kind}() takes numbers; its {name} is {value!r}")
    if not math.isfinite(value):
        raise ValueError(f"{kind}() takes finite numbers; its {name} is {value!r}")
    return float(value)


def _parameter(keys: dict[str, Any], when: When) -> Parameter:
    if when is not None:
        if not isinstance(when, Mapping) or len(when) != 1:
            raise ValueError(f'when names exactly one parent, such as when={{"optimizer": "sgd"}}, not {when!r}')
        keys["when"] = {parent: list(one) if isinstance(one, (list, tuple)) else one for parent, one in when.items()}
    return Parameter(keys)


def _parent(parameter: Parameter) -> Optional[str]:
    return next(iter(parameter.keys.get("when", {})), None)


def _check_parent(name: str, parameter: Parameter, space: Mapping[str, Parameter]) -> None:
    parent = _parent(parameter)
    if parent is None:
        return
    if parent not in space:
        raise ValueError(f"{name}: when names {parent!r}, which is no parameter of this space")
    values = parameter.keys["when"][parent]
    for value in values if isinstance(values, list) else [values]:
        if not space[parent].can_be(value):
            raise ValueError(f"{name}: {parent} is never {value!r}")
    seen = {name}
    above: Optional[str] = parent
    while above is not None and above in space:
        if above in seen:
            raise ValueError(f"{name}: depends on itself, by when")
        seen.add(above)
        above = _parent(space[above])


def _same(a: Any, b: Any) -> bool:
    return a == b and isinstance(a, bool) == isinstance(b, bool)
