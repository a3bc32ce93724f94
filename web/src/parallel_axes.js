// The axes of parallel coordinates: each has for every trial a place from 0, below, to 1, or null where the trial has none there.
import { graded } from "./chart_data.js";
import { joules, metric, number } from "./figures.js";
import { metricAxis } from "./ticks.js";

const place = (low, high, log) => (value) => (log ? Math.log(value / low) / Math.log(high / low) : high === low ? 0.5 : (value - low) / (high - low));

function numberAxis(name, values, low, high, log, write = number) {
  return { name, at: values.map((value) => (typeof value === "number" ? place(low, high, log)(value) : null)), ends: [write(low), write(high)] };
}

function choiceAxis(name, values, choices) {
  const texts = choices.map(String);
  const step = texts.length > 1 ? 1 / (texts.length - 1) : 0;
  const at = values.map((value) => {
    const place = texts.indexOf(String(value));
    return value === null || place < 0 ? null : texts.length > 1 ? place * step : 0.5;
  });
  return { name, at, choices: texts.map((text, index) => [texts.length > 1 ? index * step : 0.5, text]) };
}

// Of the parameters, the energy and the metric of the rows.
export function axesOf(parameters, rows, described, quality) {
  const axes = parameters.map(({ name, domain }) => {
    const values = rows.map((row) => row.params[name] ?? null);
    if (domain.kind === "choice") return choiceAxis(name, values, domain.values);
    return numberAxis(name, values, domain.low, domain.high, domain.log);
  });
  const finite = (key) => rows.map((row) => row[key]).filter(Number.isFinite);
  const energies = finite("joules").filter((value) => value > 0);
  if (energies.length > 0) {
    const [low, high] = [energies.reduce((a, b) => Math.min(a, b)), energies.reduce((a, b) => Math.max(a, b))];
    axes.push(numberAxis(graded("energy", quality), rows.map((row) => (row.joules > 0 ? row.joules : null)), low, high, high / low > 25, joules));
  }
  const metrics = finite("metric");
  if (metrics.length > 0) {
    const [low, high] = [metrics.reduce((a, b) => Math.min(a, b)), metrics.reduce((a, b) => Math.max(a, b))];
    const narrow = metricAxis(metrics);
    const [from, to] = narrow.outside > 0 ? [Math.max(low, narrow.low), Math.min(high, narrow.high)] : [low, high];
    const values = rows.map((row) => (row.metric === null ? null : Math.min(to, Math.max(from, row.metric))));
    axes.push({ ...numberAxis(described.name, values, from, to, false, metric), is: "metric" });
  }
  return axes;
}

// Which rows lie in every range: [[low, high] or null, ...] by axis.
export function kept(axes, ranges, count) {
  const all = [];
  for (let row = 0; row < count; ++row) {
    all.push(ranges.every((range, axis) => !range || !axes[axis] || (axes[axis].at[row] !== null && axes[axis].at[row] >= range[0] && axes[axis].at[row] <= range[1])));
  }
  return all;
}
