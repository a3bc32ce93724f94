"""Trainers that go wrong, each in the way that its first argument names."""

import os
import signal
import sys
import time

import sm2

SLEEP = 3600.0


def crash() -> None:
    print("loading", flush=True)
    print("no such dataset: fashion", file=sys.stderr)
    sys.exit(7)


def crash_after_evaluation() -> None:
    with sm2.trial() as trial:
        trial.evaluate(1, accuracy=0.5)
        sys.exit(3)


def nan_metric() -> None:
    with sm2.trial() as trial:
        trial.evaluate(1, accuracy=float("nan"))


def nan_loss() -> None:
    """Goes on for ever unless it is stopped."""
    with sm2.trial() as trial:
        step = 0
        while not trial.should_stop:
            step += 1
            trial.report(step=step, samples=step, epoch=step / 1e6, loss=float("nan"))
            time.sleep(0.01)


def hang() -> None:
    with sm2.trial():
        time.sleep(SLEEP)


def chatter() -> None:
    """Is never silent, and never ready."""
    while True:
        print("still loading", flush=True)
        time.sleep(0.02)


def fork_child() -> None:
    with sm2.trial() as trial:
        if os.fork() == 0:
            time.sleep(SLEEP)
        trial.evaluate(1, accuracy=0.5)


def fork_daemon() -> None:
    """A daemon as they are made: a session of its own, two forks, no inherited files."""
    with sm2.trial() as trial:
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.closerange(0, 64)
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                time.sleep(SLEEP)
            os._exit(0)
        os.wait()
        trial.evaluate(1, accuracy=0.5)


def stubborn() -> None:
    """Hears of nothing."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    with sm2.trial():
        print("ready", flush=True)
        while True:
            time.sleep(SLEEP)


def flood() -> None:
    """50 MB, and then its metric."""
    line = b"x" * 999 + b"\n"
    sys.stdout.buffer.write(b"first line\n")
    for _ in range(50_000):
        sys.stdout.buffer.write(line)
    sys.stdout.buffer.write(b"last line\n")
    sys.stdout.flush()
    with sm2.trial() as trial:
        trial.evaluate(1, accuracy=0.5)


def flood_without_newline() -> None:
    for _ in range(20_000):
        sys.stdout.buffer.write(b"x" * 1000)
    sys.stdout.flush()
    with sm2.trial() as trial:
        trial.evaluate(1, accuracy=0.5)


def escapes() -> None:
    sys.stdout.buffer.write(b"\x1b[31mred\x1b[0m \xff\xfe \x07bell \x1b]0;title\x07 \xc2\x9b5m end\n")
    sys.stdout.flush()
    sys.exit(5)


def escaping_names() -> None:
    with sm2.trial() as trial:
        trial.evaluate(1, **{"accuracy": 0.5, "loss\x1b[31m\n\x07": 0.25})


def no_metric() -> None:
    with sm2.trial() as trial:
        trial.report(step=1, samples=1, epoch=1, loss=0.5)


def memory() -> None:
    print("torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 20.00 GiB", file=sys.stderr)
    sys.exit(1)


def memory_if_large() -> None:
    if int(sys.argv[2]) >= 32:
        memory()
    with sm2.trial() as trial:
        trial.evaluate(1, accuracy=0.5)


def early() -> None:
    """Ends well, but before it was wanted to."""
    with sm2.trial() as trial:
        trial.evaluate(1, accuracy=0.5)


def killed() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


if __name__ == "__main__":
    globals()[sys.argv[1]]()
