// Parallel coordinates: an axis for each parameter, the metric and the energy, a line for each trial. Dragging along an axis keeps
// the trials that cross it there; a click on its name lets all through again. Keys go from trial to trial, the best first.
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { graded } from "./chart_data.js";
import { byMetric, stateName } from "./columns.js";
import { joules, metric, setting } from "./figures.js";
import { html } from "./html.js";
import { byKeys, moved } from "./keys.js";
import { useNear } from "./near.js";
import { axesOf, kept } from "./parallel_axes.js";
import { acrossOf, BOTTOM, downOf, drawLines, SIDE, TOP } from "./parallel_lines.js";
import { plain, shortened } from "./text.js";
import { useTheme } from "./theme.js";

const HEIGHT = 316; // px

function Axis({ axis, left, range, brush, clear, room }) {
  const down = downOf(HEIGHT);
  const value = (event) => {
    const { top } = event.currentTarget.getBoundingClientRect();
    return Math.min(1, Math.max(0, 1 - (event.clientY - top - 8) / (HEIGHT - TOP - BOTTOM)));
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
    ${range && html`<i class="range" style=${{ top: `${down(range[1])}px`, height: `${Math.max(3, down(range[0]) - down(range[1]))}px` }}></i>`}
    ${labels.map(([place, text]) => html`<span key=${text} class="tick" style=${{ top: `${down(place)}px` }}><bdi>${shortened(text, Math.max(9, Math.floor(room / 8)))}</bdi></span>`)}
  </div>`;
}

function said(row, { name }) {
  const settings = Object.entries(row.params).map(([parameter, value]) => `${plain(parameter)} ${setting(value)}`);
  return `trial ${row.trial}, ${stateName(row.state)}: ${[...settings, graded(joules(row.joules), row.quality), `${plain(name)} ${metric(row.metric)}`].join("; ")}`;
}

export function Parallel({ parameters, rows, best, described, quality, ranges, setRanges, picked }) {
  const canvas = useRef(null);
  const [width, setWidth] = useState(0);
  const [here, goTo] = useState(null); // the trial that the keys are at
  const theme = useTheme();
  const near = useNear(canvas);
  const axes = useMemo(() => axesOf(parameters, rows, described, quality), [parameters, rows, described, quality]);
  const inside = useMemo(() => kept(axes, ranges, rows.length), [axes, ranges, rows]);
  const ordered = useMemo(() => {
    const better = byMetric(described.goal);
    return rows.filter((_, at) => inside[at]).sort((a, b) => (b.trial === best) - (a.trial === best) || better(a, b));
  }, [rows, inside, best, described.goal]);
  const at = ordered.findIndex((row) => row.trial === here);
  const strong = at < 0 ? null : here;
  useLayoutEffect(() => {
    const measure = () => setWidth(canvas.current?.clientWidth ?? 0);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(canvas.current);
    return () => observer.disconnect();
  }, [theme]);
  useLayoutEffect(() => {
    if (near) drawLines(canvas.current, axes, rows, inside, best, described.goal, strong);
  }, [near, axes, rows, inside, best, width, theme, strong]);
  const pressed = (event) => {
    if (event.target !== event.currentTarget || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter" && strong !== null) return picked(strong);
    if (event.key === "Escape") return goTo(null);
    const next = moved(ordered.length > 0 ? [ordered] : [], at < 0 ? null : [0, at], event.key, [0, 0]);
    if (!next) return;
    event.preventDefault();
    goTo(ordered[next[1]].trial);
  };
  const left = acrossOf(axes.length, width);
  const room = Math.min(130, axes.length > 1 ? (width - 2 * SIDE) / (axes.length - 1) : 130);
  const change = (axis, range) => setRanges(axes.map((_, index) => (index === axis ? range : (ranges[index] ?? null))));
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Parallel coordinates">
      <div
        class="parallel"
        role="application"
        aria-roledescription="picture"
        aria-label=${byKeys("Parallel coordinates of all trials; the table of trials has the same figures", true)}
        tabindex="0"
        onKeyDown=${pressed}
        onBlur=${(event) => event.target === event.currentTarget && goTo(null)}
        style=${{ height: `${HEIGHT}px`, minWidth: `${Math.max(300, axes.length * 84)}px` }}
      >
        <canvas ref=${canvas} aria-hidden="true"></canvas>
        ${width > 0 && axes.map((axis, index) => html`<${Axis} key=${index} axis=${axis} left=${left(index)} room=${room} range=${ranges[index]} brush=${(range) => change(index, range)} clear=${() => change(index, null)} />`)}
      </div>
    </div>
    <p class="at-cursor" aria-live="polite">${strong !== null && said(ordered[at], described)}</p>`;
}
