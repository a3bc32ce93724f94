"""The page docs/evaluation.md: every figure and every sentence that depends on one comes from the results."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, Callable, NamedTuple, Optional

from evaluation import plots
from evaluation.tables import EASY, Table

OWN = ("sm2", "sm2-classic")  # the others are the rivals
GOAL_ENERGY, GOAL_QUALITY = 0.5, 0.005
UNSEEN = """Nothing in sm2 was chosen by these tables: they were recorded after its last change, on other data and with other networks and
optimisers than those of [evaluation.md](evaluation.md), on which its constants were chosen.

"""


class Network(NamedTuple):
    name: str
    about: str
    table: Table
    rows: list[dict[str, Any]]  # of sm2 compare, by strategy
    test: Optional[str]


def energy(joules: float) -> str:
    for unit, size in (("MJ", 1e6), ("kJ", 1e3)):
        if joules >= size:
            return f"{number(joules / size)} {unit}"
    return f"{number(joules)} J"


def number(value: float) -> str:
    """Three significant digits, without an exponent."""
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    return f"{value:.{digits}f}"


def quality(figure: Optional[dict[str, float]]) -> str:
    if not figure or figure["mean"] is None:
        return "none"
    return f"{figure['mean']:.4g} ({figure['low']:.4g} to {figure['high']:.4g})"


def spent(figure: dict[str, float], bound: bool = False) -> str:
    more = "> " if bound else ""
    return f"{more}{energy(figure['mean'])} ({energy(figure['low'])} to {energy(figure['high'])})"


def table_of(headings: list[str], rows: list[list[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines) + "\n"


def missed(row: dict[str, Any]) -> bool:
    return row["reached"] < row["jobs"]


def best_rival(rows: list[dict[str, Any]]) -> Optional[dict[str, Any]]:
    """With the least mean energy until the target, of those that always reach it."""
    rivals = [row for row in rows if row["strategy"] not in OWN and not missed(row)]
    return min(rivals, key=lambda row: row["joules"]["mean"]) if rivals else None


def at_target(row: dict[str, Any]) -> Optional[float]:
    """The mean quality where the target was reached: on test data where they are known."""
    return row.get("test_metric", row["metric"])["mean"]


def at_end(row: dict[str, Any]) -> Optional[float]:
    whole = row["to_the_end"]
    return (whole["test_metric"] or whole["metric"] or {}).get("mean")


def seen_at_end(row: dict[str, Any]) -> Optional[float]:
    return (row["to_the_end"]["metric"] or {}).get("mean")


def row_of(strategy: str, rows: list[dict[str, Any]]) -> Optional[dict[str, Any]]:
    return next((row for row in rows if row["strategy"] == strategy), None)


def strategies_table(rows: list[dict[str, Any]]) -> str:
    tested = any("test_metric" in row for row in rows)
    ended = any("to_the_end" in row for row in rows)
    what = "test" if tested else rows[0]["metric"]["name"]
    over = "over_oracle" if "over_oracle" in rows[0] else "over_best"
    headings = ["strategy", "energy until the target", "median", over.replace("_", " "), "reached"]
    headings.append(f"{what} quality there")
    headings += ["energy of the whole study", f"{what} quality at its end"] if ended else []
    lines = []
    for row in rows:
        cells = [row["strategy"], spent(row["joules"], missed(row)), energy(row["joules"]["median"])]
        cells += [number(row[over]["mean"]), f"{row['reached']}/{row['jobs']}"]
        cells.append(quality(row.get("test_metric", row["metric"])))
        if ended:
            whole = row["to_the_end"]
            cells += [spent(whole["joules"]), quality(whole["test_metric"] if tested else whole["metric"])]
        lines.append(cells)
    return table_of(headings, lines)


def verdict(rows: list[dict[str, Any]]) -> str:
    """What the figures say of sm2 against the best rival."""
    own, rival = row_of("sm2", rows), best_rival(rows)
    if not own or not rival:
        return "There is no rival that always reaches the target to compare sm2 with."
    if missed(own):
        return f"sm2 misses the target in {own['jobs'] - own['reached']} of {own['jobs']} studies."
    ratio = own["joules"]["mean"] / rival["joules"]["mean"]
    low, high = own["joules"]["low"] / rival["joules"]["high"], own["joules"]["high"] / rival["joules"]["low"]
    sentences = [
        f"sm2 reaches the target with {number(ratio)} times the energy of the best rival, {rival['strategy']} "
        f"({number(low)} to {number(high)} at the ends of both intervals): "
        + ("at most half of it." if ratio <= GOAL_ENERGY else "more than half of it.")
    ]
    if classic := row_of("sm2-classic", rows):
        bound = "more than " if missed(classic) else ""
        times = number(classic["joules"]["mean"] / rival["joules"]["mean"])
        sentences.append(f"sm2-classic needs {bound}{times} times the rival's.")
    sentences.append(behind("At the target", at_target, own, rows))
    if "to_the_end" in own:
        sentences.append(behind("At the end of the whole study", at_end, own, rows))
        if own["to_the_end"]["test_metric"]:
            sentences.append(behind("By validation, which is all that strategies see,", seen_at_end, own, rows))
    return " ".join(sentences)


def behind(where: str, quality_of: Callable[[dict[str, Any]], Optional[float]], own: Any, rows: list[Any]) -> str:
    """How far sm2's mean quality is from the best of any strategy."""
    minimized = own["metric"]["goal"] == "minimize"
    known = [(found, row["strategy"]) for row in rows if (found := quality_of(row)) is not None]
    value = quality_of(own)
    if value is None:
        return f"{where} its quality is not known."
    best, name = min(known) if minimized else max(known)
    short = abs(value - best) / abs(best)
    if short == 0:
        return f"{where} its quality is {value:.4g}, the best of all."
    within = "within" if short <= GOAL_QUALITY else "not within"
    return (
        f"{where} its quality is {value:.4g}, {100 * short:.2g} % behind the best ({name}, {best:.4g}): {within} "
        f"{100 * GOAL_QUALITY:g} %."
    )


def ratios(networks: list[Network], strategy: str) -> Optional[list[float]]:
    """Energy over the best rival's, a figure for each network."""
    found = []
    for network in networks:
        row, rival = row_of(strategy, network.rows), best_rival(network.rows)
        if not row or not rival:
            return None
        found.append(row["joules"]["mean"] / rival["joules"]["mean"])
    return found


def summary(networks: list[Network]) -> str:
    rows = []
    for strategy in (row["strategy"] for row in networks[0].rows):
        of = ratios(networks, strategy)
        if of is None:
            continue
        geomean = math.exp(sum(map(math.log, of)) / len(of))
        bound = any(missed(row) for n in networks if (row := row_of(strategy, n.rows)))
        rows.append([strategy, *map(number, of), ("> " if bound else "") + number(geomean)])
    return table_of(["strategy", *(network.name for network in networks), "geometric mean"], rows)


def chart(network: Network) -> str:
    rows = [
        plots.Dot(
            row["strategy"],
            *(row["joules"][key] for key in ("mean", "low", "high")),
            ("> " if missed(row) else "") + energy(row["joules"]["mean"]),
            row["strategy"] == "sm2",
        )
        for row in network.rows
    ]
    return plots.dots(f"{network.name}: energy until the target", "joules, replayed, logarithmic", rows)


def maps(network: Network, target: float) -> dict[str, str]:
    """The grid's final metric, and the joules that a setting needs to the target."""
    table = network.table
    rates, sizes = table.values("learning_rate"), table.values("batch_size")

    def setting(row: int, column: int) -> tuple[str, ...]:
        at = {"learning_rate": rates[row], "batch_size": sizes[column]}
        return tuple(at[name] for name in table.parameters)

    metric = network.rows[0]["metric"]["name"]
    names = ("batch size", "learning rate")
    return {
        "metric": plots.heat_map(
            f"{network.name}: mean {metric} at the end",
            sizes,
            rates,
            lambda row, column: table.final(setting(row, column)),
            names,
            logarithmic=table.minimized,
        ),
        "joules": plots.heat_map(
            f"{network.name}: joules to {metric} {target:g}",
            sizes,
            rates,
            lambda row, column: table.joules_to(target, setting(row, column)),
            names,
            logarithmic=True,
        ),
    }


def network_section(network: Network, folder: Path) -> str:
    table, target = network.table, network.rows[0]["metric"]["target"]
    oracle, metric = network.rows[0]["oracle"], network.rows[0]["metric"]["name"]
    (folder / f"{network.name}-energy.svg").write_text(chart(network))
    for kind, svg in maps(network, target).items():
        (folder / f"{network.name}-{kind}.svg").write_text(svg)
    seeds = {len(of) for of in table.runs.values()}
    best = ", ".join(f"{name} {value}" for name, value in oracle["params"].items())
    spread = table.spread()
    same_work = ""
    if spread:
        same_work = f" Of runs that do the same work the dearest used {number(spread)} times the cheapest's joules (median)."
    image = f"{folder.name}/{network.name}"
    lines = [
        f"## {network.name}",
        network.about,
        f"{len(table.runs)} settings, each trained with {'/'.join(map(str, sorted(seeds)))} seeds for {table.units} epochs, "
        f"with {energy(table.total)} in all. The target is {metric} {target:g}; {100 * table.reaching(target):.0f} % of the "
        f"settings reach it in some run. The best setting ({best}) needs {energy(oracle['joules'])} to it." + same_work,
        strategies_table(network.rows).rstrip(),
        verdict(network.rows),
        f"![Energy until the target, by strategy]({image}-energy.svg)",
        f"![Final metric by batch size and learning rate]({image}-metric.svg)",
        f"![Joules to the target by batch size and learning rate]({image}-joules.svg)",
    ]
    return "\n\n".join(lines) + "\n"


def check_section(check: dict[str, Any]) -> str:
    rows, candidates = check["cases"], check["candidates"]
    return (
        f"## {rows[0]['case']}, trained for real\n\n"
        f"Trained on {check['trained']}, by the strategies as they were then: {rows[0]['seeds']} seeds, {check['workers']} trials at a "
        f"time; energy is {rows[0]['quality']} ({rows[0]['source']}). "
        "The learning rate is any between the least and the greatest of the table, so that sm2-classic cycles it as "
        f"published; {candidates} configurations are considered. *over best* is energy over the least median among the "
        f"strategies.\n\n{strategies_table(rows)}\n{verdict(rows)}\n"
    )


def intro(size: str, command: str, machine: dict[str, str], networks: list[Network]) -> str:
    seeds = networks[0].rows[0]["seeds"]
    return f"""# Evaluation

Made by `{command}` from the tables in [bench/evaluation/{size}](../bench/evaluation/{size}), which are recordings:
real trainings, every batch size with every learning rate, with joules after each epoch. `sm2 compare` replays them, {seeds} seeds
a strategy, all strategies on the same space, each free to consider as many configurations as it has. [compare.md](compare.md) says what is counted. Anyone can replay them:

    sm2 compare table:bench/evaluation/{size}/{networks[0].name}.csv --target {networks[0].rows[0]['metric']['target']:g}\
{' --goal minimize' if networks[0].table.minimized else ''} --to-the-end

{UNSEEN if size == "unseen" else ""}The target of a network is the best validation metric that {100 * EASY:g} % of its settings reach in every run, the same for
every strategy. *Until the target*: everything that a study spends until a trial first reaches it. *The whole study*: what the
strategy spends without a target until it finishes by itself. Test data are held out; no strategy sees them. In brackets is the
95 % interval of the mean. A `>` marks a strategy that missed the target in some studies, so that its energy is less than it
needs.

## Machine

{table_of(["", ""], [[name, value] for name, value in machine.items()])}"""


def write(
    out: Path,
    name: str,
    size: str,
    command: str,
    machine: dict[str, str],
    networks: list[Network],
    check: Optional[dict[str, Any]],
) -> Path:
    folder = out / name
    folder.mkdir(parents=True, exist_ok=True)
    parts = [intro(size, command, machine, networks)]
    if len(networks) > 1:
        parts.append(
            "## All networks\n\nEnergy until the target over that of the best rival: of the strategies other than sm2 and "
            "sm2-classic, the one with the least mean.\n\n" + summary(networks)
        )
    parts += [network_section(network, folder) for network in networks]
    if check:
        parts.append(check_section(check))
    page = out / f"{name}.md"
    page.write_text("\n".join(parts))
    return page
