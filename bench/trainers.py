#!/usr/bin/env python3
"""What the tuner costs a trainer: examples/resnet under a playing tuner, beside a plain libtorch loop of the same network.

    bench/trainers.py [RESNET PLAIN_LOOP [ROUNDS]]
    default: build/release/examples/resnet/{resnet,plain_loop}, 12 rounds

CPU time of many short runs by turns. Starting and loading data fall out: each value is a run of four epochs less a run of
one. Three kinds of runs of the trainer: with gradient noise and a checkpoint an epoch, as under a study; without gradient
noise; and alone, without a tuner. Ratios to the plain loop of the same round: median with quartiles; nothing is asserted.
They scatter by some per cent, so that the client's own calls are timed by themselves (bench/client.cc), too.
"""

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading

NETWORK = ["--data=fashion-mnist", "--blocks=1,1,1", "--width=16", "--stem-stride=2", "--train-samples=3200",
           "--validation-samples=100", "--test-samples=0", "--batch-size=64", "--learning-rate=0.05"]  # fmt: skip
LONG, SHORT = 4, 1
STEPS = 50  # an epoch
CLIENT = "build/release/bench/client"


def play(listener: socket.socket, epochs: int) -> None:
    connection, _ = listener.accept()
    with connection, connection.makefile("r") as lines:
        for line in lines:
            message = json.loads(line)
            if "hello" in message:
                answer = {"trial": 1, "params": {}, "resume": None, "until": epochs, "unit": "epoch", "learning_rate": None}
            elif "step" in message or "checkpoint" in message:
                continue
            else:
                answer = {"action": "continue"}
            connection.sendall(json.dumps(answer).encode() + b"\n")


def cpu_seconds(command: list[str], environment: dict[str, str]) -> float:
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{command[0]} ended with {status}")
    return used.ru_utime + used.ru_stime


def run(program: str, epochs: int, flags: list[str], tuned: bool) -> float:
    command = [program, *NETWORK, *flags, f"--epochs={epochs}"]
    if not tuned:
        return cpu_seconds(command, dict(os.environ))
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as listener:
        path = os.path.join(folder, "tuner")
        listener.bind(path)
        listener.listen(1)
        tuner = threading.Thread(target=play, args=(listener, epochs), daemon=True)
        tuner.start()
        used = cpu_seconds(command, {**os.environ, "SM2_SOCKET": path, "SM2_CHECKPOINT_DIR": folder})
        tuner.join(timeout=10)
        return used


def client_microseconds(program: str) -> tuple[float, float]:
    """Processor time of a step report and of an evaluation in the client library."""
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as listener:
        path = os.path.join(folder, "tuner")
        listener.bind(path)
        listener.listen(1)
        threading.Thread(target=play, args=(listener, 1 << 30), daemon=True).start()
        ended = subprocess.run([program], env={**os.environ, "SM2_SOCKET": path}, stdout=subprocess.PIPE, text=True, check=True)
        report, evaluation = map(float, ended.stdout.split())
        return report, evaluation


def spread(values: list[float], unit: str = "") -> str:
    low, middle, high = statistics.quantiles(values, n=4)
    return f"{middle:.3f}{unit} ({low:.3f} to {high:.3f})"


def main() -> None:
    programs = sys.argv[1:3] or [f"build/release/examples/resnet/{name}" for name in ("resnet", "plain_loop")]
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 12
    resnet, plain = programs
    kinds: dict[str, tuple[str, list[str], bool]] = {
        "plain loop": (plain, [], False),
        "alone, no noise": (resnet, ["--noise-every=0"], False),
        "tuned, no noise": (resnet, ["--noise-every=0"], True),
        "tuned": (resnet, [], True),
    }
    seconds: dict[str, list[float]] = {kind: [] for kind in kinds}
    for _ in range(rounds):
        for kind, (program, flags, tuned) in kinds.items():
            trained = run(program, LONG, flags, tuned) - run(program, SHORT, flags, tuned)
            seconds[kind].append(trained / (LONG - SHORT))
    for kind, values in seconds.items():
        ratio = [value / base for value, base in zip(values, seconds["plain loop"])]
        print(f"{kind:<16} {spread(values, ' s')} an epoch; to the plain loop {spread(ratio)}")
    reports, evaluations = zip(*(client_microseconds(CLIENT) for _ in range(rounds)))
    share = (STEPS * statistics.median(reports) + statistics.median(evaluations)) / statistics.median(seconds["plain loop"]) / 1e6
    print(f"the client       {spread(list(reports), ' us')} a report, {spread(list(evaluations), ' us')} an evaluation: {share:.3%} of an epoch")


main()
