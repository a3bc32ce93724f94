// Parallel coordinates: an axis for each parameter, the metric and the energy, a line for each trial. Dragging along an axis keeps
// the trials that cross it there; a click on its name lets all through again.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { graded } from "./chart_data.js";
import { joules, metric, number } from "./figures.js";
import { html } from "./html.js";
import { colour, useNear, useTheme } from "./plot.js";
import { plain, shortened } from "./text.js";
import { metricAxis } from "./ticks.js";

const TOP = 42;
const BOTTOM = 30;
const SIDE = 46;

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

// Each axis has for every row a place from 0, below, to 1, or null.
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

function draw(canvas, axes, rows, inside, best, goal) {
  const ratio = devicePixelRatio;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  const x = (axis) => SIDE + (axes.length > 1 ? (axis * (width - 2 * SIDE)) / (axes.length - 1) : 0);
  const y = (at) => height - BOTTOM - at * (height - TOP - BOTTOM);
  const last = axes.find((axis) => axis.is === "metric");
  const good = (row) => (last?.at[row] === null || !last ? 0 : goal === "minimize" ? 1 - last.at[row] : last.at[row]);
  const line = (row) => {
    context.beginPath();
    let pen = false;
    axes.forEach((axis, index) => {
      if (axis.at[row] === null) {
        pen = false;
        return;
      }
      if (pen) context.lineTo(x(index), y(axis.at[row]));
      else context.moveTo(x(index), y(axis.at[row]));
      pen = true;
    });
    context.stroke();
  };
  // The worse first, so that the better lie above them.
  const order = rows.map((_, row) => row).sort((a, b) => inside[a] - inside[b] || good(a) - good(b));
  const shown = inside.reduce((sum, one) => sum + one, 0);
  const alpha = Math.max(0.06, Math.min(0.75, 40 / Math.max(1, shown)));
  context.lineJoin = "round";
  for (const row of order) {
    if (rows[row].trial === best) continue;
    context.strokeStyle = colour(!inside[row] ? "grey" : good(row) > 0.85 ? "win" : good(row) > 0.5 ? "c3" : "fail");
    context.globalAlpha = inside[row] ? Math.min(1, alpha * (good(row) > 0.85 ? 2.5 : 1)) : 0.04;
    context.lineWidth = good(row) > 0.85 && inside[row] ? 1.6 : 1;
    line(row);
  }
  const winner = rows.findIndex((row) => row.trial === best);
  if (winner >= 0) {
    context.globalAlpha = inside[winner] ? 1 : 0.25;
    context.strokeStyle = colour("win");
    context.lineWidth = 3;
    line(winner);
  }
}

function Axis({ axis, left, height, range, brush, clear, room }) {
  const at = (value) => height - BOTTOM - value * (height - TOP - BOTTOM);
  const value = (event) => {
    const { top } = event.currentTarget.getBoundingClientRect();
    return Math.min(1, Math.max(0, 1 - (event.clientY - top - 8) / (height - TOP - BOTTOM)));
  };
  const begin = useRef(null);
  const labels = axis.choices && axis.choices.length <= 9 ? axis.choices : axis.choices ? [axis.choices[0], axis.choices[axis.choices.length - 1]] : [[0, axis.ends[0]], [1, axis.ends[1]]];
  return html`<div class="axis" style=${{ left: `${left}px`, width: `${room}px` }}>
    <button type="button" class=${range ? "set" : ""} onClick=${clear} title=${range ? `${plain(axis.name)}: let all through` : plain(axis.name)} disabled=${!range}><bdi>${shortened(axis.name, 18)}</bdi>${range && " ×"}</button>
    <div
      class="rail"
      style=${{ top: `${TOP - 8}px`, bottom: `${BOTTOM - 8}px` }}
      onPointerDown=${(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        begin.current = value(event);
      }}
      onPointerMove=${(event) => {
        if (begin.current === null) return;
        const now = value(event);
        brush([Math.min(begin.current, now), Math.max(begin.current, now)]);
      }}
      onPointerUp=${(event) => {
        if (begin.current !== null && Math.abs(value(event) - begin.current) < 0.015) clear();
        begin.current = null;
      }}
      onPointerCancel=${() => (begin.current = null)}
    ></div>
    ${range && html`<i class="range" style=${{ top: `${at(range[1])}px`, height: `${Math.max(3, at(range[0]) - at(range[1]))}px` }}></i>`}
    ${labels.map(([place, text]) => html`<span key=${text} class="tick" style=${{ top: `${at(place)}px` }}><bdi>${shortened(text, 9)}</bdi></span>`)}
  </div>`;
}

export function Parallel({ parameters, rows, best, described, quality, ranges, setRanges }) {
  const height = 330;
  const canvas = useRef(null);
  const [width, setWidth] = useState(0);
  const theme = useTheme();
  const near = useNear(canvas);
  const axes = useMemo(() => axesOf(parameters, rows, described, quality), [parameters, rows, described, quality]);
  const inside = useMemo(() => kept(axes, ranges, rows.length), [axes, ranges, rows]);
  useEffect(() => {
    const observer = new ResizeObserver(() => setWidth(canvas.current?.clientWidth ?? 0));
    observer.observe(canvas.current);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (near) draw(canvas.current, axes, rows, inside, best, described.goal);
  }, [near, axes, rows, inside, best, width, theme]);
  const left = (axis) => SIDE + (axes.length > 1 ? (axis * (width - 2 * SIDE)) / (axes.length - 1) : 0);
  const room = Math.min(130, axes.length > 1 ? (width - 2 * SIDE) / (axes.length - 1) : 130);
  const change = (axis, range) => setRanges(axes.map((_, index) => (index === axis ? range : (ranges[index] ?? null))));
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Parallel coordinates of all trials; the table of trials has the same figures">
    <div class="parallel" style=${{ height: `${height}px`, minWidth: `${Math.max(300, axes.length * 84)}px` }}>
      <canvas ref=${canvas} aria-hidden="true"></canvas>
      ${width > 0 && axes.map((axis, index) => html`<${Axis} key=${index} axis=${axis} left=${left(index)} room=${room} height=${height} range=${ranges[index]} brush=${(range) => change(index, range)} clear=${() => change(index, null)} />`)}
    </div>
  </div>`;
}
