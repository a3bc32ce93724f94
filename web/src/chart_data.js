// What pictures are made of: marks and axes from what the API answers.
import { energyUnit, joules, metric, resource } from "./figures.js";
import { amountAxis, metricAxis, tickText } from "./ticks.js";
import { plain } from "./text.js";

export const AGAINST = {
  joules: { name: "energy", word: "joules" },
  seconds: { name: "time of training", word: "time" },
  samples: { name: "samples", word: "samples" },
  resource: { name: "progress", word: "progress" },
};

// A figure of energy, and its quality.
export const graded = (text, quality) => (quality ? `${text}, ${quality}` : text);

// An axis of energy in the unit that suits its largest value.
// It says where the energy comes from.
export function energyAxis(values, label, quality, mayBeLog = true) {
  const axis = amountAxis(values, mayBeLog);
  const [size, unit] = energyUnit(axis.high);
  const format = (value, all) => tickText(value / size, all.map((one) => one / size));
  return { ...axis, label: graded(`${label} (${unit})`, quality), format };
}

export function timeAxis(values, label, mayBeLog = true) {
  const axis = amountAxis(values, mayBeLog);
  const [size, unit] = axis.high > 2 * 86400 ? [86400, "d"] : axis.high > 2 * 3600 ? [3600, "h"] : axis.high > 300 ? [60, "min"] : [1, "s"];
  return { ...axis, label: `${label} (${unit})`, format: (value, all) => tickText(value / size, all.map((one) => one / size)) };
}

export function axisAgainst(against, values, unit, quality) {
  if (against === "joules") return energyAxis(values, "energy of the trial", quality);
  if (against === "seconds") return timeAxis(values, "time of training");
  const axis = amountAxis(values);
  return { ...axis, label: against === "samples" ? "samples" : `progress (${plain(unit)}s)` };
}

export const metricLabel = ({ name, goal }) => `${plain(name)} (${goal === "minimize" ? "lower" : "higher"} is better)`;

const DISTINCT = ["c0", "c1", "c2", "c3", "c4", "c5", "c6"];
const DASHES = [[], [7, 5], [2, 4], [10, 4, 2, 4], [14, 4]];
const ENDS = { stopped: "cross", failed: "diamond", running: "ring", interrupted: "ring", paused: "ring", finished: "dot" };
const FEW = 24; // curves that can be told apart by colour and dash

// The winner is thick and blue; of many only the best few have a colour.
export function lookOf(place, trial, best, state, curves) {
  const end = ENDS[state] ?? "dot";
  if (trial === best) return { colour: "win", width: 3, end };
  const named = curves <= FEW || place <= 5;
  if (!named) return { colour: "grey", width: 1.1, alpha: 0.75 };
  const index = place === 0 ? 0 : place - 1;
  return { colour: DISTINCT[index % DISTINCT.length], width: 1.8, dash: DASHES[Math.floor(index / DISTINCT.length) % DASHES.length], end };
}

const isAbsent = (value) => value === null || value === undefined;

// Curves come with the best first; drawn last, it is above all. A logarithmic axis has no 0.
export function curveMarks({ curves, unit }, against, best, metricName, quality) {
  const marks = curves.map((curve, place) => {
    const x = curve[against];
    const at = x.map((value, index) => index).filter((index) => !isAbsent(x[index]) && x[index] > 0);
    const values = at.map((index) => curve.metric[index]);
    const say = (index) =>
      `trial ${curve.trial}: ${plain(metricName)} ${metric(values[index])} at ${resource(curve.resource[at[index]], unit)}, ${graded(joules(curve.joules[at[index]]), quality)}`;
    const look = lookOf(place, curve.trial, best, curve.state, curves.length);
    return { ...look, id: curve.trial, state: curve.state, x: at.map((index) => x[index]), y: values, say, radius: values.length === 1 ? 2.5 : 0 };
  });
  return marks.reverse();
}

export const hasAgainst = ({ curves }, against) => curves.some((curve) => curve[against].some((value) => !isAbsent(value) && value > 0));

export function curveAxes(marks, against, unit, described, quality) {
  const x = axisAgainst(against, marks.flatMap((mark) => mark.x), unit, quality);
  const y = { ...metricAxis(marks.flatMap((mark) => mark.y)), label: metricLabel(described) };
  return { x, y };
}

// The best so far as a stair that goes on to where the study is now.
export function courseMarks(course, against, look, say) {
  const x = [...course.best[against]];
  const y = [...course.best.metric];
  if (x.length > 0) {
    x.push(course.spent[against][course.spent[against].length - 1] ?? x[x.length - 1]);
    y.push(y[y.length - 1]);
  }
  const steps = { ...look, steps: true, x, y, say: (at) => say(Math.min(at, course.best.metric.length - 1)) };
  return steps;
}

// Trials by what became of them, a mark of each kind; the last is above the others.
const KINDS = {
  failed: { colour: "grey", radius: 3, shape: "diamond", alpha: 0.8 },
  dropped: { colour: "drop", radius: 2.6, shape: "cross", alpha: 0.55 },
  other: { colour: "c3", radius: 3, alpha: 0.75 },
  front: { colour: "rest", radius: 5 },
  best: { colour: "win", radius: 6 },
};

function kindOf(row, front, best) {
  if (row.trial === best) return "best";
  if (front.has(row.trial)) return "front";
  if (row.state === "failed") return "failed";
  return row.state === "stopped" ? "dropped" : "other";
}

export function frontMarks(rows, members, best, { name }) {
  const front = new Set(members);
  const shown = Object.fromEntries(Object.keys(KINDS).map((kind) => [kind, []]));
  for (const row of rows) {
    if (!isAbsent(row.metric) && !isAbsent(row.joules)) shown[kindOf(row, front, best)].push(row);
  }
  return Object.entries(shown).map(([kind, of]) => ({
    ...KINDS[kind],
    kind,
    ids: of.map((row) => row.trial),
    x: of.map((row) => row.joules),
    y: of.map((row) => row.metric),
    say: (at) => `trial ${of[at].trial}: ${plain(name)} ${metric(of[at].metric)}, ${graded(joules(of[at].joules), of[at].quality)}`,
  }));
}

// The stair of the front, by growing energy.
export function frontLine(rows, members) {
  const front = new Set(members);
  const on = rows.filter((row) => front.has(row.trial)).sort((a, b) => a.joules - b.joules);
  return { silent: true, steps: true, colour: "rest", width: 1.5, dash: [5, 4], x: on.map((row) => row.joules), y: on.map((row) => row.metric) };
}
