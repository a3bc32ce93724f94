"""Optuna's side of bench/figures.py: Debian's python3-optuna, used as its documentation does, on the same disk in the same run."""

import multiprocessing
import statistics
import time

import optuna
from peers import peer_speed, quiet

TRIALS = 100


def objective(trial: optuna.Trial) -> float:
    size = trial.suggest_int("batch_size", 16, 512, log=True)
    rate = trial.suggest_float("learning_rate", 1e-4, 1, log=True)
    return size * rate


def open_study(storage: object) -> optuna.Study:
    return optuna.create_study(study_name="bench", storage=storage, sampler=optuna.samplers.RandomSampler(seed=1), load_if_exists=True)


def timed(study: optuna.Study, trials: int) -> float:
    """Trials a second."""
    begun = time.perf_counter()
    study.optimize(objective, n_trials=trials)
    return trials / (time.perf_counter() - begun)


def trials_per_second(url: str) -> str:
    quiet()
    journal = optuna.storages.JournalStorage(optuna.storages.JournalFileStorage(url.removeprefix("sqlite:///") + ".log"))
    return f"{timed(open_study(url), TRIALS):.0f}, journal file {timed(open_study(journal), TRIALS):.0f}"


def work(url: str) -> None:
    quiet()
    open_study(url).optimize(objective, n_trials=TRIALS)


def postgres_trials_per_second(url: str) -> str:
    try:
        import psycopg2  # noqa: F401
    except ImportError:
        return "not measured: python3-psycopg2 is not installed"
    quiet()
    open_study(url)
    workers = [multiprocessing.Process(target=work, args=(url,)) for _ in range(4)]
    begun = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return f"{4 * TRIALS / (time.perf_counter() - begun):.0f}, starting four processes included"


def report_and_prune(url: str) -> str:
    quiet()
    study = optuna.create_study(storage=url, pruner=optuna.pruners.MedianPruner())
    reports, decisions = [], []
    for _ in range(10):
        trial = study.ask()
        for step in range(27):
            begun = time.perf_counter()
            trial.report(step, step)
            reported = time.perf_counter()
            trial.should_prune()
            reports.append(1e3 * (reported - begun))
            decisions.append(1e3 * (time.perf_counter() - reported))
        study.tell(trial, 1)
    return f"{statistics.median(reports):.1f} ms report + {statistics.median(decisions):.1f} ms should_prune, after 10 trials, sync included"


def tpe(trials: int) -> str:
    quiet()
    return f"{peer_speed(trials):.0f} ms median"
