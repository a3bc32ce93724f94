"""sm2.tune(): a study of a Python function, driven by the sm2 program.

The study is a study file in a private folder, whose command is `python -m sm2.run_trial`: every trial is a process of its
own, which imports the function by module and name, as multiprocessing does when it spawns. The tuner is this process's
child: it is interrupted when this process is, and when this process dies.

Errors: StudyError with one line, when there is no sm2, or no result; TypeError and ValueError for arguments that are
wrong; KeyboardInterrupt after the tuner has ended. Call it from one thread at a time.
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from typing import Any, Callable, Literal, Mapping, Optional, Sequence, Tuple, Union

from . import space as spaces
from . import toml

SYS_PATH = "SM2_SYS_PATH"
"""Variable of the environment of everything that tune() starts: where to import from, a JSON list."""

Path = Union[str, "os.PathLike[str]"]

_INTERRUPTED = 130
_SET_PDEATHSIG = 1  # of prctl(2)


class StudyError(RuntimeError):
    """The study could not be run, or ended without a result."""


@dataclass(frozen=True)
class Result:
    """What a study found. Energy is in joules; None is unknown."""

    study: str
    store: str
    trial: int
    """Number of the best trial."""
    params: dict[str, Any]
    metric: float
    joules: Optional[float]
    """Of the best trial."""
    total_joules: Optional[float]
    """Of all trials."""
    decided: bool
    """False: the best so far, because a budget was spent before there was a winner."""
    trials: list[dict[str, Any]]
    """As `sm2 trials --json` prints them, docs/json.md."""
    binary: str

    def report(self, path: Path) -> None:
        """Writes the study's page: one HTML file."""
        _ask(self.binary, self.store, "report", self.study, "-o", os.fspath(path))


def tune(
    function: Callable[[Any], Any],
    space: Mapping[str, Union[spaces.Parameter, Sequence[spaces.Value]]],
    *,
    metric: str,
    goal: Literal["maximize", "minimize"] = "maximize",
    target: Optional[float] = None,
    resource: Union[float, Tuple[float, float]] = 1,
    unit: str = "epoch",
    strategy: Union[str, Mapping[str, Any]] = "sm2",
    budget: Union[None, str, Mapping[str, Any]] = None,
    objective: Optional[Mapping[str, Any]] = None,
    energy: Optional[Mapping[str, Any]] = None,
    limits: Optional[Mapping[str, Any]] = None,
    store: Path = "sm2.db",
    name: Optional[str] = None,
    workers: int = 1,
    binary: Optional[Path] = None,
    study_file: Optional[Path] = None,
    quiet: bool = False,
) -> Result:
    """Finds the parameters with which `function(trial)` reaches the best `metric`, and says what that cost.

    `function` is at the top of a module or script. It trains with trial.params and returns the metric; better, it yields
    it after each unit of resource, or calls trial.evaluate(), so that what is not worth its energy is dropped early.
    `resource`: how far to train at most, or (least, most). `strategy` and `budget`: a name, an energy such as "500 Wh",
    or the keys of that table of a study file; `objective`, `energy`, `limits`: likewise. The same `name` and `store`
    go on with a study that was interrupted. `binary`: the sm2 program; else $SM2_BINARY, else the one in PATH.
    """
    if SYS_PATH in os.environ:
        raise StudyError(
            'sm2.tune() was called while a trial was starting: put the call under if __name__ == "__main__":'
        )
    target_name = _importable(function)
    program = _program(binary)
    study = name or _default_name(target_name)
    text = toml.document(
        {
            "study": {
                "name": study,
                "command": [_literal(word) for word in _command(target_name, metric)],
                "metric": {"name": metric, "goal": goal, "target": target},
                "resource": _resource(resource, unit),
            },
            "space": spaces.checked(space),
            "strategy": {"name": strategy} if isinstance(strategy, str) else strategy,
            "budget": {"energy": budget} if isinstance(budget, str) else (budget or {}),
            "objective": objective or {},
            "energy": energy or {},
            "limits": limits or {},
        }
    )
    environment = {**os.environ, SYS_PATH: json.dumps(_import_path()), "PYTHONPATH": _with_this_package()}
    kept = _place(store)
    if not _is_known(program, kept, study):
        _check_import(target_name, environment)
    folder = tempfile.mkdtemp(prefix="sm2-")
    try:
        file = os.path.abspath(os.fspath(study_file)) if study_file else os.path.join(folder, "study.toml")
        with open(file, "w", encoding="utf-8") as written:
            written.write(text)
        command = [program, "tune", file, f"--store={kept}", f"--workers={workers}"]
        status, complaint = _run(command + ["--quiet"] * quiet, environment, quiet)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return _result(program, kept, study, status, complaint)


def _importable(function: Callable[..., Any]) -> str:
    """`module:name`, or `/script.py:name` for the running script."""
    qualified = getattr(function, "__qualname__", "")
    module = sys.modules.get(getattr(function, "__module__", None) or "")
    if qualified.endswith("<lambda>"):
        raise TypeError("sm2.tune() cannot take a lambda: a trial imports the function by its name; write def train(trial):")
    if "<locals>" in qualified:
        raise TypeError(
            f"sm2.tune() cannot take {qualified}: a trial imports the function by its name; define it at the top of its file"
        )
    found: Any = module
    for part in qualified.split("."):
        found = getattr(found, part, None)
    if module is None or not qualified or found is not function:
        raise TypeError(f"sm2.tune() takes a function that is found by its name in its module, not {function!r}")
    if module.__name__ != "__main__":
        return f"{module.__name__}:{qualified}"
    specification = getattr(module, "__spec__", None)
    if specification is not None:  # python -m package.module
        return f"{specification.name}:{qualified}"
    script = getattr(module, "__file__", None)
    if script is None or not os.path.isfile(script):
        raise TypeError("sm2.tune() cannot take a function of a notebook or prompt: save it in a file, train.py, and import it")
    return f"{os.path.abspath(script)}:{qualified}"


def _command(target: str, metric: str) -> list[str]:
    return [sys.executable, "-m", "sm2.run_trial", target, metric]


def _literal(word: str) -> str:
    """In a study file's command, braces are placeholders unless doubled."""
    return word.replace("{", "{{").replace("}", "}}")


def _default_name(target: str) -> str:
    place, _, function = target.rpartition(":")
    stem = os.path.splitext(os.path.basename(place))[0] if os.path.isabs(place) else place
    return re.sub(r"[^A-Za-z0-9_.-]", "-", f"{stem}-{function}").lstrip(".")[:100]


def _resource(given: Union[float, Tuple[float, float]], unit: str) -> dict[str, Any]:
    if isinstance(given, (tuple, list)):
        if len(given) != 2:
            raise ValueError(f"resource is the most, or (least, most), not {given!r}")
        return {"unit": unit, "min": given[0], "max": given[1]}
    return {"unit": unit, "max": given}


def _program(given: Optional[Path]) -> str:
    asked = os.fspath(given) if given is not None else os.environ.get("SM2_BINARY") or "sm2"
    found = shutil.which(asked)
    if found is None:
        raise StudyError(f"{asked} is no program here: install sm2, or name it by binary=... or in $SM2_BINARY")
    return os.path.abspath(found)


def _import_path() -> list[str]:
    return [os.path.abspath(entry) for entry in sys.path]  # an empty entry is the working directory


def _with_this_package() -> str:
    """PYTHONPATH with which a fresh Python finds this package: trials take the rest from SYS_PATH."""
    home = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    earlier = os.environ.get("PYTHONPATH")
    return home + os.pathsep + earlier if earlier else home


def _is_url(store: str) -> bool:
    return store.startswith(("postgresql://", "postgres://"))


def _place(store: Path) -> str:
    given = os.fspath(store)
    return given if _is_url(given) else os.path.abspath(given)


def _is_known(program: str, store: str, study: str) -> bool:
    if not _is_url(store) and not os.path.exists(store):
        return False
    return subprocess.run([program, "show", study, f"--store={store}"], capture_output=True, check=False).returncode == 0


def _check_import(target: str, environment: Mapping[str, str]) -> None:
    """A study whose trials cannot even begin is not begun: the name would be taken by a failure."""
    command = [sys.executable, "-m", "sm2.run_trial", "--check", target]
    ended = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if ended.returncode != 0:
        raise StudyError(f"a trial cannot import {target}: {_last_line(ended.stderr)}")


def _last_line(output: bytes) -> str:
    lines = output.decode("utf-8", errors="replace").strip().splitlines()
    return lines[-1] if lines else "it says nothing"


def _run(command: list[str], environment: Mapping[str, str], quiet: bool) -> tuple[int, str]:
    """The tuner's exit status and its last complaint; its progress goes to standard error."""
    parent = os.getpid()
    libc = ctypes.CDLL(None)

    def follow_parent() -> None:
        libc.prctl(_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(_INTERRUPTED)

    tuner = subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL if quiet else 2,
        stderr=subprocess.PIPE,
        start_new_session=True,  # a terminal's Ctrl-C reaches it through this process alone, once
        preexec_fn=follow_parent,
    )
    complaint = ""
    try:
        assert tuner.stderr is not None
        for line in tuner.stderr:
            complaint = line.decode("utf-8", errors="replace").rstrip("\n")
            if not quiet:
                print(complaint, file=sys.stderr, flush=True)
        return tuner.wait(), complaint
    except BaseException:
        _interrupt(tuner)
        raise
    finally:
        if tuner.stderr is not None:
            tuner.stderr.close()


def _interrupt(tuner: subprocess.Popen[bytes]) -> None:
    """Waits until the tuner has stored what it has; a further Ctrl-C makes it leave at once."""
    while tuner.poll() is None:
        tuner.send_signal(signal.SIGINT)
        try:
            tuner.communicate()
        except KeyboardInterrupt:
            continue


def _result(program: str, store: str, study: str, status: int, complaint: str) -> Result:
    if status == 2 or status < 0:
        raise StudyError(complaint or f"sm2 tune ended with {status}")
    if status == _INTERRUPTED:
        raise StudyError(f"{study} was interrupted; the same call goes on with it")
    trials = [json.loads(line) for line in _ask(program, store, "trials", study, "--json").splitlines()]
    if status != 0:
        reason = next((f": trial {trial['trial']} {trial['reason']}" for trial in trials if trial["reason"]), "")
        end = "its budget was spent before a result" if status == 3 else "no trial is usable"
        raise StudyError(f"{study}: {end}{reason}")
    best = json.loads(_ask(program, store, "best", study, "--json"))
    shown = json.loads(_ask(program, store, "show", study, "--json"))
    return Result(
        study=study,
        store=store,
        trial=best["trial"],
        params=best["params"],
        metric=best["metric"],
        joules=best["joules"],
        total_joules=shown["joules"]["total"],
        decided=best["decided"],
        trials=trials,
        binary=program,
    )


def _ask(program: str, store: str, verb: str, *words: str) -> str:
    ended = subprocess.run([program, verb, *words, f"--store={store}"], capture_output=True, check=False)
    if ended.returncode != 0:
        raise StudyError(_last_line(ended.stderr))
    return ended.stdout.decode("utf-8")
