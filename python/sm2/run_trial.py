"""One trial of sm2.tune(): `python -m sm2.run_trial TARGET METRIC`, started by the tuner.

TARGET is `module:function` or `/path/to/script.py:function`; a script is run under the name __sm2_main__, so that what
stands under `if __name__ == "__main__"` is left out. `--check TARGET` only finds the function.

The function gets the trial. A number that it returns is the metric at the end of this stretch of training; a generator's
numbers are the metric after each unit of resource; a dictionary of numbers in place of a number names further metrics.
A trial is joined at the first question that the tuner has to answer, so that the function can still say
sm2.trial(steps_per_unit=...).
"""

from __future__ import annotations

import importlib
import importlib.machinery
import importlib.util
import json
import math
import os
import sys
import types
from typing import Any, Callable, Generator, Mapping

from .trial import given, trial
from .tuning import SYS_PATH

MAIN = "__sm2_main__"


class _Trial:
    """A sm2.Trial that is not joined before it has to be."""

    def __init__(self) -> None:
        self.params = given()

    def __getattr__(self, name: str) -> Any:
        return getattr(trial(), name)


def load(target: str) -> Callable[[Any], Any]:
    """Raises ImportError and AttributeError, and whatever the module raises."""
    place, _, qualified = target.rpartition(":")
    found: Any = _script(place) if os.path.isabs(place) else importlib.import_module(place)
    for name in qualified.split("."):
        found = getattr(found, name)
    return found  # type: ignore[no-any-return]


def _script(path: str) -> types.ModuleType:
    loader = importlib.machinery.SourceFileLoader(MAIN, path)
    specification = importlib.util.spec_from_file_location(MAIN, path, loader=loader)
    if specification is None:
        raise ImportError(f"{path} cannot be imported")
    module = importlib.util.module_from_spec(specification)
    sys.modules[MAIN] = module
    loader.exec_module(module)
    return module


def drive(function: Callable[[Any], Any], joined: Any, metric: str) -> None:
    """Calls the function and tells the tuner what it returns or yields."""
    returned = function(joined)
    if isinstance(returned, types.GeneratorType):
        _drive_generator(returned, joined, metric)
    elif returned is not None:
        end = joined.until if math.isfinite(joined.until) else 1
        joined.evaluate(end, **_metrics(returned, metric))
    if joined.active and not joined.evaluations and not joined.should_stop:
        raise ValueError(f"no evaluation: return {metric}, or yield it after each {joined.unit}, or call trial.evaluate()")


def _drive_generator(values: Generator[Any, Any, Any], joined: Any, metric: str) -> None:
    resource = joined.start if joined.resume else 0
    try:
        for value in values:
            resource += 1
            if joined.evaluate(resource, **_metrics(value, metric)) != "continue":
                return
    finally:
        values.close()


def _metrics(value: Any, metric: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        return {metric: value}
    if metric not in value:
        raise ValueError(f"the function's dictionary has no {metric!r}, only {sorted(value)}")
    return dict(value)


def main() -> None:
    if SYS_PATH in os.environ:
        sys.path[:] = json.loads(os.environ[SYS_PATH])
    if sys.argv[1] == "--check":
        load(sys.argv[2])
        return
    target, metric = sys.argv[1:]
    place = target.rpartition(":")[0]
    sys.argv = [place]
    drive(load(target), _Trial(), metric)


if __name__ == "__main__":
    main()
