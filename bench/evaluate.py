#!/usr/bin/env python3
"""Strategies side by side on three networks: records trainings, replays them, trains some for real, and writes
docs/evaluation.md.

    bench/evaluate.py                   the small size: at most 45 minutes on two cores
    bench/evaluate.py --size full       larger networks, more seeds: hours
    bench/evaluate.py --size unseen     other data and networks, by which nothing in sm2 was chosen; docs/evaluation-unseen.md
    bench/evaluate.py --reuse           replays the tables that are there; trains nothing
    bench/evaluate.py --size tiny       a test of itself, in build/evaluate/tiny

A recording is `sm2 tune` with the strategy grid on bench/evaluation/SIZE/NAME.toml, a study for each seed, all networks in
turns, so that a machine that is busy for a while does not favour one. It becomes the table bench/evaluation/SIZE/NAME.csv by
`sm2 export`. An interrupted recording goes on, and a complete one is used again unless --fresh is given.

Data: --data or SM2_EVALUATION_DATA names a folder with ett/ETTh1.csv.gz and tinyshakespeare/input.txt.gz, else data/ or
../shared/data/ is it; images are those of Debian's dataset-fashion-mnist. A network whose data are not there is left out, and
named.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tomllib
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, NamedTuple, Optional

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "bench"))

from evaluation import page  # noqa: E402
from evaluation.tables import Table  # noqa: E402

STRATEGIES = "grid,random,tpe,hyperband,asha,sm2-classic,sm2"
CHECKED = "sm2,sm2-classic,asha"
NONE_REACHED = 1  # sm2 compare: the target, by any strategy
FASHION = Path("/usr/share/datasets/fashion-mnist")
PACKAGES = ("libtorch1.13", "libopenblas0-openmp", "dataset-fashion-mnist")


class Network(NamedTuple):
    name: str
    program: Optional[str]  # of examples/
    test: Optional[str]  # the metric on held-out data
    about: str


ETT = "(ETDataset, Zhou et al. 2021, CC BY-ND 4.0)"
RESNET = Network("resnet", "resnet", "test_accuracy", "A residual network on Fashion-MNIST (Zalando SE, MIT licence).")
LSTM = Network("lstm", "lstm", "test_mse", f"An LSTM that forecasts the oil temperature of ETTh1 {ETT}.")
TRANSFORMER = Network(
    "transformer", "transformer", "test_loss", "A Transformer that predicts the next byte of Tiny Shakespeare (public domain)."
)
PLAIN = Network("plain", None, None, "Logistic regression in plain Python on synthetic points.")
CIFAR = Network("cifar", "resnet", "test_accuracy", "A residual network on 4,000 images of CIFAR-10 (Krizhevsky 2009).")
LOAD = Network("load", "lstm", "test_mse", f"A two-layer LSTM with Adam that forecasts the high load of ETTh1 {ETT}.")
WORDS = Network(
    "words",
    "transformer",
    "test_loss",
    "A Transformer that predicts the next word of WikiText-2 (Merity et al. 2016, CC BY-SA), trained on its test text and "
    "evaluated on its validation text.",
)


class Size(NamedTuple):
    networks: tuple[Network, ...]
    seeds: int  # of a replayed strategy
    check: Optional[str]  # the network that is trained for real
    check_seeds: int
    check_strategies: str
    candidates: int  # of each of them
    text: int  # bytes that the Transformer trains on
    page: str  # in docs


SIZES = {
    "tiny": Size((PLAIN,), 3, "plain", 1, "sm2,random", 4, 0, "evaluation"),
    "small": Size((RESNET, LSTM, TRANSFORMER), 200, "lstm", 5, CHECKED, 12, 100_000, "evaluation"),
    "full": Size((RESNET, LSTM, TRANSFORMER), 100, "resnet", 5, CHECKED, 16, 300_000, "evaluation"),
    "unseen": Size((CIFAR, LOAD, WORDS), 200, None, 0, "", 0, 300_000, "evaluation-unseen"),
}


def today() -> str:
    return datetime.now(timezone.utc).strftime("%Y-%m-%d")


class Left(Exception):
    """Why a network cannot be trained here."""


def link(place: Path, to: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.unlink(missing_ok=True)
    place.symlink_to(to)


class Evaluation:
    def __init__(self, flags: argparse.Namespace) -> None:
        self.flags = flags
        self.size = SIZES[flags.size]
        self.build = ROOT / flags.build
        self.sm2 = os.environ.get("SM2_BINARY", str(self.build / "src" / "sm2"))
        self.studies = ROOT / "bench" / "evaluation" / flags.size
        self.work = ROOT / "build" / "evaluate"
        self.out = flags.out or (self.work / "tiny" if flags.size == "tiny" else ROOT / "docs")
        self.tables = flags.out or (self.work / "tiny" if flags.size == "tiny" else self.studies)
        self.store = str((flags.out or self.work) / f"{flags.size}.db")
        self.left_out: list[str] = []

    def run(self, *arguments: str, also: int = 0) -> str:
        """The output of sm2, whose exit status is 0 or `also`; each trainer has one thread."""
        environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        ended = subprocess.run(
            [self.sm2, *arguments], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=False
        )
        if ended.returncode not in (0, also):
            sys.exit(f"sm2 {' '.join(arguments)}: exit status {ended.returncode}")
        return ended.stdout

    # ---- programs and data at the places that the study files name ----

    def prepare(self, network: Network) -> None:
        if network.program is None:
            return
        program = self.build / "examples" / network.program / network.program
        if not program.exists():
            raise Left(f"{program} is not built; dev/build release {network.program}")
        link(self.work / "bin" / network.program, program.resolve())
        self.prepare_data(network, self.work / "data")

    def prepare_data(self, network: Network, data: Path) -> None:
        given = self.flags.data
        if network is RESNET:
            link(data / "fashion-mnist", self.found(FASHION, "Debian's dataset-fashion-mnist"))
        elif network is CIFAR:
            link(data / "cifar10", self.found(given / "cifar10", "CIFAR-10"))
        elif network in (LSTM, LOAD):
            link(data / "ETTh1.csv.gz", self.found(given / "ett" / "ETTh1.csv.gz", "ETTh1"))
        elif network is WORDS:
            self.split_words(self.found(given / "wikitext-2", "WikiText-2"), data / "words")
        else:
            self.split(self.found(given / "tinyshakespeare" / "input.txt.gz", "Tiny Shakespeare"), data / "text")

    @staticmethod
    def found(path: Path, what: str) -> Path:
        if not path.exists():
            raise Left(f"{what} is not at {path}; --data names the folder")
        return path.resolve()

    def split(self, source: Path, folder: Path) -> None:
        """The first bytes to train on, the last tenths of what follows to validate and to test."""
        with gzip.open(source) as file:
            text = file.read()
        folder.mkdir(parents=True, exist_ok=True)
        held_out = max(20_000, self.size.text // 20)
        (folder / "train.txt").write_bytes(text[: min(self.size.text, len(text) - 2 * held_out)])
        (folder / "valid.txt").write_bytes(text[-2 * held_out : -held_out])
        (folder / "test.txt").write_bytes(text[-held_out:])

    def split_words(self, source: Path, folder: Path) -> None:
        """The first lines of WikiText-2's test text to train on, those of its validation text to validate and to test."""
        train, held_out = (gzip.open(source / f"{name}.txt.gz").read() for name in ("test", "valid"))
        middle, end = (held_out.rindex(b"\n", 0, self.size.text * part // 4) + 1 for part in (1, 2))
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "train.txt").write_bytes(train[: train.rindex(b"\n", 0, self.size.text) + 1])
        (folder / "valid.txt").write_bytes(held_out[:middle])
        (folder / "test.txt").write_bytes(held_out[middle:end])

    # ---- recording ----

    def study(self, network: Network) -> dict[str, Any]:
        return tomllib.loads((self.studies / f"{network.name}.toml").read_text())

    def seeds(self, network: Network) -> list[int]:
        return self.study(network)["space"].get("seed", {"values": [0]})["values"]

    def of_seed(self, network: Network, seed: int) -> Path:
        """The study of one seed alone: its name and its space say so, everything else is the file's."""
        text = (self.studies / f"{network.name}.toml").read_text()
        text = re.sub(r'(?m)^name( *)= .*$', f'name\\1= "{network.name}-{seed}"', text, count=1)
        text = re.sub(r"(?m)^seed( *)= .*$", f"seed\\1= {{ values = [{seed}] }}", text, count=1)
        path = Path(self.store).parent / f"{network.name}-{seed}.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def record(self, networks: list[Network]) -> None:
        if self.flags.fresh:
            for ending in ("", "-wal", "-shm"):
                Path(self.store + ending).unlink(missing_ok=True)
            shutil.rmtree(Path(self.store).with_suffix(".trials"), ignore_errors=True)
        rounds = max(len(self.seeds(network)) for network in networks)
        for turn in range(rounds):
            for network in networks:
                if turn < len(self.seeds(network)):
                    self.record_seed(network, self.seeds(network)[turn])
        for network in networks:
            self.export(network)

    def record_seed(self, network: Network, seed: int) -> None:
        self.say(f"{network.name}, seed {seed}: every batch size with every learning rate")
        self.run("tune", str(self.of_seed(network, seed)), "--store", self.store, "--workers", str(self.flags.workers))

    def export(self, network: Network) -> None:
        """The studies of all seeds as one table; their headers are equal."""
        test = ["--test", network.test] if network.test else []
        lines: list[str] = []
        for seed in self.seeds(network):
            table = self.run("export", f"{network.name}-{seed}", "--store", self.store, "--format", "table", *test)
            lines += table.splitlines()[1 if lines else 0 :]
        self.tables.mkdir(parents=True, exist_ok=True)
        self.table_path(network).write_text("\n".join(lines) + "\n")

    def table_path(self, network: Network) -> Path:
        return self.tables / f"{network.name}.csv"

    def machine(self, networks: list[Network]) -> dict[str, str]:
        first = f"{networks[0].name}-{self.seeds(networks[0])[0]}"
        shown = json.loads(self.run("show", first, "--store", self.store, "--json"))
        processor = re.search(r"(?m)^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text())
        memory = re.search(r"MemTotal: *(\d+)", Path("/proc/meminfo").read_text())
        versions = [self.run("--version").strip(), *filter(None, map(version_of, PACKAGES))]
        return {
            "processor": processor[1] if processor else platform.processor() or "unknown",
            "cores": str(len(os.sched_getaffinity(0))),
            "memory": f"{int(memory[1]) / 2**20:.0f} GiB" if memory else "unknown",
            "system": f"{platform.system()} {re.match('[0-9.]*', platform.release())[0]}",
            "trials at a time": f"{self.flags.workers}, one thread each",
            "energy": f"{shown['quality']} ({', '.join(shown['sources'])})",
            "recorded": today(),
            "versions": ", ".join(versions),
        }

    # ---- replaying ----

    def replay(self, network: Network) -> page.Network:
        minimized = self.study(network)["study"]["metric"]["goal"] == "minimize"
        table = Table(self.table_path(network), minimized)
        compared = self.run(
            *("compare", f"table:{self.table_path(network)}", "--goal", "minimize" if minimized else "maximize"),
            *("--strategies", STRATEGIES, "--seeds", str(self.size.seeds), "--candidates", str(table.combinations())),
            *("--target", repr(table.target()), "--to-the-end", "--json"),
            also=NONE_REACHED,
        )
        rows = json.loads(compared)["cases"]
        for row in rows:
            row["metric"]["name"] = self.study(network)["study"]["metric"]["name"]
        return page.Network(network.name, network.about, table, rows, network.test)

    # ---- trained for real ----

    def check(self, network: Network) -> dict[str, Any]:
        self.say(f"{network.name}: {self.size.check_strategies} with {self.size.check_seeds} seeds, trained for real")
        table = Table(self.table_path(network), self.study(network)["study"]["metric"]["goal"] == "minimize")
        path = Path(self.store).parent / f"{network.name}-check.toml"
        path.write_text(self.check_text(network, table.target()))
        test = ["--test", network.test] if network.test else []
        compared = self.run(
            *("compare", str(path), "--strategies", self.size.check_strategies, "--seeds", str(self.size.check_seeds)),
            *("--workers", str(self.flags.workers), "--candidates", str(self.size.candidates), *test, "--json"),
            also=NONE_REACHED,
        )
        return json.loads(compared) | {"candidates": self.size.candidates, "trained": today()}

    def check_text(self, network: Network, target: float) -> str:
        """The network's study with the target, one seed, and any learning rate between the least and the greatest."""
        rates = self.study(network)["space"]["learning_rate"]["values"]
        text = (self.studies / f"{network.name}.toml").read_text()
        text = text.replace('"--seed={seed}"', '"--seed=1"')
        text = re.sub(r"(?m)^seed .*\n", "", text, count=1)
        span = f'{{ low = {float(min(rates))}, high = {float(max(rates))}, scale = "log" }}'
        text = re.sub(r"(?m)^learning_rate( *)= .*$", f"learning_rate\\1= {span}", text, count=1)
        text = re.sub(r"(?m)^(metric .*) }$", f"\\1, target = {target!r} }}", text, count=1)
        return re.sub(r"(?m)^\[strategy\]\n.*$", '[strategy]\nname = "sm2"', text, count=1)

    # ---- all of it ----

    def say(self, line: str) -> None:
        print(f"{datetime.now():%H:%M:%S}  {line}", flush=True)

    def wanted(self) -> list[Network]:
        named = [network for network in self.size.networks if self.flags.only in (None, network.name)]
        able = []
        for network in named:
            try:
                if not self.flags.reuse:
                    self.prepare(network)
                elif not self.table_path(network).exists():
                    raise Left(f"there is no table {self.table_path(network)}")
                able.append(network)
            except Left as reason:
                self.left_out.append(f"{network.name}: {reason}")
                self.say(f"left out: {network.name}: {reason}")
        if not able:
            sys.exit("no network can be evaluated here")
        return able

    def kept(self, name: str, make: Any) -> Any:
        """What `make` gives, kept beside the tables; with --reuse what is there, or nothing."""
        path = self.tables / name
        if self.flags.reuse:
            return json.loads(path.read_text()) if path.exists() else None
        made = make()
        path.write_text(json.dumps(made, indent=1) + "\n")
        return made

    def all(self) -> None:
        networks = self.wanted()
        if not self.flags.reuse:
            self.record(networks)
        machine = self.kept("machine.json", lambda: self.machine(networks)) or {}
        if self.flags.record:
            return
        checked = next((network for network in networks if network.name == self.size.check), None)
        check = self.kept("check.json", lambda: self.check(checked)) if checked else None
        replayed = [self.replay(network) for network in networks]
        command = "make evaluate" + ("" if self.flags.size == "small" else f" SIZE={self.flags.size}")
        written = page.write(self.out, self.size.page, self.flags.size, command, machine, replayed, check)
        self.say(f"wrote {written}")


def data_folder() -> Path:
    named = os.environ.get("SM2_EVALUATION_DATA")
    places = [Path(named)] if named else [ROOT / "data", ROOT / ".." / "shared" / "data"]
    return next((place for place in places if place.is_dir()), places[0])


def version_of(package: str) -> Optional[str]:
    try:
        asked = subprocess.run(
            ["dpkg-query", "-W", "-f", "${Package} ${Version}", package], capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        return None
    return asked.stdout if asked.returncode == 0 else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", choices=SIZES, default="small")
    parser.add_argument("--only", metavar="NAME", help="one network")
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)), help="trials at a time")
    parser.add_argument("--reuse", action="store_true", help="train nothing: replay what was recorded")
    parser.add_argument("--record", action="store_true", help="record only")
    parser.add_argument("--data", type=Path, default=data_folder(), help="folder with data (%(default)s)")
    parser.add_argument("--build", default="build/release", help="where sm2 and the trainers are built")
    parser.add_argument("--fresh", action="store_true", help="record anew what an earlier run has recorded")
    parser.add_argument("--out", type=Path, help="where all is written, instead of docs and bench/evaluation")
    Evaluation(parser.parse_args()).all()


if __name__ == "__main__":
    main()
