#!/usr/bin/python3
"""SM2's samplers beside Optuna's, on test functions whose optimum is known, with as many trials, in one run.

    bench/peers.py [SAMPLERS [SEEDS]]        default: build/release/bench/samplers, 20 seeds

Regret is the best value found less the optimum; the median over seeds, with quartiles. Optuna is Debian's
python3-optuna (3.1), its TPESampler with multivariate=True, constant_liar=True and, on the conditional space,
group=True; its CmaEsSampler needs python3-cmaes as well, and does not know conditional spaces. Both sides train
the same number of trials, one at a time. The functions are written twice, here and in bench/samplers.cc; that they
agree is checked first.
"""

import importlib.util
import json
import logging
import math
import multiprocessing
import statistics
import subprocess
import sys
import time
import warnings

try:
    import optuna
except ImportError:
    sys.exit("bench/peers.py needs optuna; on Debian: apt-get install python3-optuna python3-cmaes")

has_cmaes = importlib.util.find_spec("cmaes") is not None

TRIALS = [50, 100, 200]
SPEED_TRIALS = 5000


def branin(trial):
    x1, x2 = trial.suggest_float("x1", -5, 10), trial.suggest_float("x2", 0, 15)
    bowl = x2 - 5.1 / (4 * math.pi**2) * x1 * x1 + 5 / math.pi * x1 - 6
    return bowl * bowl + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x1) + 10


def hartmann6(trial):
    alpha = [1, 1.2, 3, 3.2]
    a = [
        [10, 3, 17, 3.5, 1.7, 8],
        [0.05, 10, 17, 0.1, 8, 14],
        [3, 3.5, 1.7, 10, 17, 8],
        [17, 8, 0.05, 10, 0.1, 14],
    ]
    p = [
        [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
        [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
        [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650],
        [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
    ]
    x = [trial.suggest_float(f"x{i}", 0, 1) for i in range(1, 7)]
    away = [sum(a[k][i] * (x[i] - p[k][i]) ** 2 for i in range(6)) for k in range(4)]
    return -sum(alpha[k] * math.exp(-away[k]) for k in range(4))


def rosenbrock(dimensions):
    def value(trial):
        x = [trial.suggest_float(f"x{i}", -2.048, 2.048) for i in range(1, dimensions + 1)]
        return sum(100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2 for i in range(dimensions - 1))

    return value


def mixed(trial):
    rate = math.log10(trial.suggest_float("learning_rate", 1e-5, 1, log=True))
    momentum = trial.suggest_float("momentum", 0, 1)
    layers = trial.suggest_int("layers", 1, 8)
    units = trial.suggest_int("units", 8, 1024, log=True)
    batch = math.log2(trial.suggest_categorical("batch_size", [16, 32, 64, 128, 256, 512]) / 64)
    optimizer = trial.suggest_categorical("optimizer", ["sgd", "adam", "rmsprop"])
    best_rate = {"sgd": -1, "adam": -3, "rmsprop": -3.5}[optimizer] + 0.15 * batch
    offset = {"sgd": 0.1, "adam": 0, "rmsprop": 0.2}[optimizer]
    bowl = (rate - best_rate) ** 2 + 2 * (momentum - 0.7) ** 2 + 0.05 * (layers - 3) ** 2
    return offset + bowl + 0.1 * math.log2(units / 128) ** 2 + 0.1 * batch**2


def conditional(trial):
    model = trial.suggest_categorical("model", ["svm", "forest", "network"])
    decay = math.log10(trial.suggest_float("regularisation", 1e-6, 1, log=True))
    if model == "svm":
        gamma = math.log10(trial.suggest_float("gamma", 1e-4, 10, log=True))
        return 0.3 + 0.2 * (decay + 2) ** 2 + 0.3 * (gamma + 1) ** 2
    if model == "forest":
        depth = trial.suggest_int("depth", 1, 20)
        trees = math.log10(trial.suggest_int("trees", 10, 1000, log=True) / 300)
        return 0.2 + 0.1 * (decay + 5) ** 2 + 0.01 * (depth - 12) ** 2 + 0.5 * trees**2
    rate = math.log10(trial.suggest_float("learning_rate", 1e-5, 1, log=True))
    dropout = trial.suggest_float("dropout", 0, 0.9)
    trained = (rate + 2.5) ** 2 + 3 * (dropout - 0.3) ** 2 + 0.1 * (decay + 4) ** 2
    if trial.suggest_categorical("activation", ["relu", "tanh"]) == "tanh":
        return 0.15 + trained
    return trained + (trial.suggest_float("slope", 0, 1) - 0.2) ** 2


FUNCTIONS = {
    "branin": branin,
    "hartmann6": hartmann6,
    "rosenbrock2": rosenbrock(2),
    "rosenbrock3": rosenbrock(3),
    "rosenbrock5": rosenbrock(5),
    "mixed": mixed,
    "conditional": conditional,
}


def make_peer(sampler: str, function: str, seed: int):
    """The peer of one of our samplers, or None."""
    if sampler == "random":
        return optuna.samplers.RandomSampler(seed=seed)
    if sampler == "tpe":
        group = function == "conditional"
        return optuna.samplers.TPESampler(multivariate=True, constant_liar=True, group=group, seed=seed)
    if sampler == "cmaes" and has_cmaes and function != "conditional":
        return optuna.samplers.CmaEsSampler(seed=seed, warn_independent_sampling=False)
    return None


def quiet() -> None:
    optuna.logging.set_verbosity(logging.ERROR)
    warnings.simplefilter("ignore")


def optimise(task: tuple[str, str, int, float]) -> tuple[str, str, list[float]]:
    sampler, function, seed, optimum = task
    quiet()
    study = optuna.create_study(sampler=make_peer(sampler, function, seed))
    study.optimize(FUNCTIONS[function], n_trials=TRIALS[-1])
    values = [trial.value for trial in study.trials]
    return sampler, function, [min(values[:count]) - optimum for count in TRIALS]


def lines(*command: str) -> list[dict]:
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def optimum_of(samplers: str, function: str) -> float:
    """Of a function; ends the program if the two sides do not agree on it."""
    points = lines(samplers, "points", function, "50")
    for point in points:
        ours, theirs = point["value"], FUNCTIONS[function](optuna.trial.FixedTrial(point["params"]))
        if not math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-9):
            sys.exit(f"{function} differs at {point['params']}: {ours} here, {theirs} in Optuna")
    return points[0]["optimum"]


def spread(values: list[float]) -> str:
    low, middle, high = statistics.quantiles(values, n=4)
    return f"{middle:9.3g} ({low:.2g} to {high:.2g})"


def row(name: str, regrets: list[list[float]]) -> None:
    print(f"  {name:32}" + "".join(f"{spread(list(column)):>30}" for column in zip(*regrets)))


def quality(samplers: str, seeds: int) -> None:
    known = lines(samplers, "list")[0]
    optima = {function: optimum_of(samplers, function) for function in known["functions"]}
    tasks = [
        (sampler, function, seed, optima[function])
        for sampler in known["samplers"]
        for function in known["functions"]
        for seed in range(seeds)
        if make_peer(sampler, function, seed)
    ]
    theirs: dict[tuple[str, str], list[list[float]]] = {}
    with multiprocessing.Pool() as pool:
        for sampler, function, regret in pool.imap(optimise, tasks):
            theirs.setdefault((sampler, function), []).append(regret)
    for function in known["functions"]:
        print(f"\n{function:34}" + "".join(f"{f'{count} trials':>30}" for count in TRIALS))
        for sampler in known["samplers"]:
            runs = lines(samplers, "run", function, sampler, str(seeds), *map(str, TRIALS))
            row(f"sm2 {sampler}", [run["regret"] for run in runs])
            if (sampler, function) in theirs:
                row(f"optuna {sampler}", theirs[sampler, function])


def peer_speed(trials: int) -> float:
    """Milliseconds of ask + tell of Optuna's TPE: the median of twenty after so many trials, mixed space."""
    study = optuna.create_study(sampler=make_peer("random", "mixed", 0))
    study.optimize(FUNCTIONS["mixed"], n_trials=trials)
    study.sampler = make_peer("tpe", "mixed", 0)
    taken = []
    for _ in range(20):
        start = time.perf_counter()
        trial = study.ask()
        value = FUNCTIONS["mixed"](trial)
        study.tell(trial, value)
        taken.append(1e3 * (time.perf_counter() - start))
    return statistics.median(taken)


def speed(samplers: str) -> None:
    print(f"\nask + tell, six parameters, {SPEED_TRIALS} trials")
    for sampler in lines(samplers, "list")[0]["samplers"]:
        cost = lines(samplers, "speed", sampler, str(SPEED_TRIALS))[0]
        print(f"  sm2 {sampler:24} {cost['median_ms']:10.3f} ms median, {cost['p99_ms']:.3f} ms 99th percentile")
    print(f"  optuna tpe                   {peer_speed(SPEED_TRIALS):10.3f} ms median")


def main() -> None:
    samplers = sys.argv[1] if len(sys.argv) > 1 else "build/release/bench/samplers"
    seeds = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    quiet()
    if not has_cmaes:
        print("python3-cmaes is not installed: Optuna's CMA-ES is left out")
    print(f"regret after so many trials, median (quartiles) of {seeds} seeds; optuna {optuna.__version__}")
    quality(samplers, seeds)
    speed(samplers)


if __name__ == "__main__":
    main()
