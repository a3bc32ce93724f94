// A picture of marks: lines, steps and points that each have places of their own. uPlot has the axes, the pointer and zooming (drag;
// a double click shows all); the marks are drawn by us, as they do not share their x. Colours are the page's own, light and dark.
import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import { html } from "./html.js";
import { ticks, tickText } from "./ticks.js";

const NEAR = 28; // px, in which the pointer is at a mark

// Whether the element is on the screen, or has been, or is about to be: what nobody sees need not be drawn.
export function useNear(element) {
  const [near, come] = useState(false);
  useEffect(() => {
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) {
          come(true);
          observer.disconnect();
        }
      },
      { rootMargin: "400px" },
    );
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return near;
}

// Calls again when the reader's system turns from light to dark.
export function useTheme() {
  const [theme, turn] = useState(0);
  useEffect(() => {
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const turned = () => turn((count) => count + 1);
    dark.addEventListener("change", turned);
    return () => dark.removeEventListener("change", turned);
  }, []);
  return theme;
}

// Colours of the style sheet, as they are now.
const palette = new Map();
export function colour(name) {
  if (!palette.has(name)) {
    if (palette.size === 0) matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => palette.clear(), { once: true });
    palette.set(name, getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim());
  }
  return palette.get(name);
}

function axis(side, label, scale, described, narrow) {
  const about = side === 2 ? (narrow ? 4 : 8) : 6;
  const letter = parseFloat(getComputedStyle(document.documentElement).fontSize); // px
  const font = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif";
  return {
    side,
    scale,
    label,
    labelSize: 1.5 * letter,
    labelGap: 2,
    labelFont: `600 ${0.84 * letter}px ${font}`,
    font: `${0.8 * letter}px ${font}`,
    stroke: colour("soft"),
    size: (side === 2 ? 1.75 : 3.6) * letter,
    gap: 5,
    grid: { stroke: colour("rule"), width: 1 },
    ticks: { show: false },
    splits: (_, __, low, high) => ticks(described, low, high, about),
    filter: (_, splits) => splits,
    values: (_, splits) => splits.map((value) => described.format?.(value, splits) ?? tickText(value, splits)),
  };
}

function place(u, x, y) {
  return [u.valToPos(x, "x", true), u.valToPos(y, "y", true)];
}

const inside = (described, value) => Number.isFinite(value) && (!described.log || value > 0);

function drawEnd(context, end, x, y, size, paint) {
  context.beginPath();
  context.lineWidth = size / 2.4;
  if (end === "cross") {
    context.moveTo(x - size, y - size);
    context.lineTo(x + size, y + size);
    context.moveTo(x + size, y - size);
    context.lineTo(x - size, y + size);
    context.stroke();
    return;
  }
  if (end === "diamond") {
    context.moveTo(x, y - 1.4 * size);
    context.lineTo(x + 1.4 * size, y);
    context.lineTo(x, y + 1.4 * size);
    context.lineTo(x - 1.4 * size, y);
    context.closePath();
  } else {
    context.arc(x, y, size, 0, 2 * Math.PI);
  }
  context.fillStyle = end === "ring" || end === "diamond" ? colour("card") : paint;
  context.fill();
  context.stroke();
}

// `strong`: above the others; of a mark of many trials the point of one, `only`.
function drawMark(u, mark, axes, strong, only) {
  const context = u.ctx;
  const ratio = devicePixelRatio;
  const paint = colour(mark.colour);
  context.save();
  context.beginPath();
  context.rect(u.bbox.left - 6 * ratio, u.bbox.top - 6 * ratio, u.bbox.width + 12 * ratio, u.bbox.height + 12 * ratio);
  context.clip();
  context.globalAlpha = strong ? 1 : (mark.alpha ?? 1);
  context.strokeStyle = paint;
  context.fillStyle = paint;
  context.lineJoin = context.lineCap = "round";
  const places = [];
  for (let at = 0; at < mark.x.length; ++at) {
    const there = inside(axes.x, mark.x[at]) && inside(axes.y, mark.y[at]) && (only === undefined || only === at);
    places.push(there ? place(u, mark.x[at], mark.y[at]) : null);
  }
  if (mark.width) {
    context.lineWidth = ratio * (strong ? mark.width + 1.5 : mark.width);
    context.setLineDash((mark.dash ?? []).map((part) => part * ratio));
    context.beginPath();
    let before = null;
    for (const point of places) {
      if (!point) before = null;
      else if (!before) context.moveTo(...point);
      else {
        if (mark.steps) context.lineTo(point[0], before[1]);
        context.lineTo(...point);
      }
      if (point) before = point;
    }
    context.stroke();
    context.setLineDash([]);
  }
  const last = places.findLastIndex ? places.findLastIndex(Boolean) : places.length - 1;
  const radius = ratio * (strong ? (mark.radius ?? 0) + 1.5 : (mark.radius ?? 0));
  if (mark.radius || (strong && places.length === 1)) {
    for (const point of places) {
      if (!point) continue;
      if (mark.shape) drawEnd(context, mark.shape, ...point, Math.max(radius, 2 * ratio), paint);
      else {
        context.beginPath();
        context.arc(...point, Math.max(radius, 2 * ratio), 0, 2 * Math.PI);
        context.fill();
      }
    }
  }
  if (mark.end && places[last]) drawEnd(context, mark.end, ...places[last], ratio * (strong ? 5 : 3.6), paint);
  context.restore();
}

// The mark and its place that are nearest to the pointer.
function nearest(u, marks, axes) {
  const { left, top } = u.cursor;
  if (left === undefined || left < 0) return null;
  let best = null;
  let least = NEAR ** 2;
  for (const mark of marks) {
    if (mark.silent) continue;
    for (let at = 0; at < mark.x.length; ++at) {
      if (!inside(axes.x, mark.x[at]) || !inside(axes.y, mark.y[at])) continue;
      const x = u.valToPos(mark.x[at], "x");
      const y = u.valToPos(mark.y[at], "y");
      const distance = (x - left) ** 2 + (y - top) ** 2;
      if (distance < least) {
        least = distance;
        best = { mark, at, x, y, id: mark.ids ? mark.ids[at] : mark.id };
      }
    }
  }
  return best;
}

function rule(u, value, name) {
  if (value === null || value === undefined || !u.bbox.width) return;
  const y = u.valToPos(value, "y", true);
  if (y < u.bbox.top || y > u.bbox.top + u.bbox.height) return;
  const context = u.ctx;
  context.save();
  context.strokeStyle = context.fillStyle = colour("soft");
  context.setLineDash([3 * devicePixelRatio, 4 * devicePixelRatio]);
  context.lineWidth = devicePixelRatio;
  context.beginPath();
  context.moveTo(u.bbox.left, y);
  context.lineTo(u.bbox.left + u.bbox.width, y);
  context.stroke();
  context.font = `${12 * devicePixelRatio}px system-ui, sans-serif`;
  context.textAlign = "right";
  context.textBaseline = "bottom";
  context.fillText(name, u.bbox.left + u.bbox.width - 4 * devicePixelRatio, y - 2 * devicePixelRatio);
  context.restore();
}

// marks: [{ id or ids: [], x: [], y: [], colour, width, dash, steps, radius, shape, end, alpha, silent, say(at) }]; x and y: { low, high, log,
// label, format }. `strong` is the id of the mark to show above all; `picked(id)` is told of a click, `hovered(id)` of the pointer.
export function Plot({ marks, x, y, height, about, strong = null, picked, hovered, target }) {
  const box = useRef(null);
  const tip = useRef(null);
  const held = useRef({});
  const theme = useTheme();
  const near = useNear(box);
  held.current = { ...held.current, marks, axes: { x, y }, strong, picked, hovered, target };

  useEffect(() => {
    if (!near) return undefined;
    const narrow = box.current.clientWidth < 480;
    const options = {
      width: box.current.clientWidth,
      height: Math.min(height, narrow ? 300 : height),
      legend: { show: false },
      padding: [12, 16, 0, 0],
      scales: {
        x: { time: false, distr: x.log ? 3 : 1, range: (_, low, high) => [low, high] },
        y: { distr: y.log ? 3 : 1, range: (_, low, high) => [low, high] },
      },
      axes: [axis(2, x.label, "x", x, narrow), axis(3, y.label, "y", y, narrow)],
      series: [{}, { show: true, paths: () => null, points: { show: false } }],
      cursor: { drag: { x: true, y: true, uni: 24 }, points: { show: false }, x: false, y: false },
      hooks: {
        draw: [
          (u) => {
            const now = held.current;
            for (const mark of now.marks) drawMark(u, mark, now.axes, false);
            for (const mark of now.strong === null ? [] : now.marks) {
              const only = mark.ids?.indexOf(now.strong);
              if (only === undefined ? mark.id === now.strong : only >= 0) drawMark(u, mark, now.axes, true, only);
            }
            if (now.target) rule(u, now.target.value, now.target.name);
          },
        ],
        setCursor: [
          (u) => {
            const now = held.current;
            const found = nearest(u, now.marks, now.axes);
            now.found = found;
            box.current?.classList.toggle("at", Boolean(found && now.picked));
            const show = tip.current;
            if (!show) return;
            show.hidden = !found;
            if (found) {
              show.textContent = found.mark.say?.(found.at) ?? "";
              const left = found.x + u.over.offsetLeft;
              const right = left > box.current.clientWidth / 2;
              show.style.left = right ? "auto" : `${left + 12}px`;
              show.style.right = right ? `${box.current.clientWidth - left + 12}px` : "auto";
              show.style.top = `${Math.max(0, found.y + u.over.offsetTop - 16)}px`;
            }
            const id = found?.id ?? null;
            if (id !== now.told) {
              now.told = id;
              now.hovered?.(id);
            }
          },
        ],
        setSelect: [
          (u) => {
            if (u.select.width > 0) held.current.zoomed = true;
          },
        ],
      },
    };
    const u = new uPlot(options, [[x.low, x.high], [y.low, y.high]], box.current);
    held.current.plot = u;
    held.current.zoomed = false;
    let pressed = null;
    u.over.addEventListener("pointerdown", (event) => {
      pressed = [event.clientX, event.clientY];
    });
    u.over.addEventListener("click", (event) => {
      const still = pressed && Math.hypot(event.clientX - pressed[0], event.clientY - pressed[1]) < 4;
      const { found, picked: pick } = held.current;
      if (still && found && pick) pick(found.id);
    });
    u.over.addEventListener("dblclick", () => {
      held.current.zoomed = false;
    });
    const observer = new ResizeObserver(() => {
      const width = box.current?.clientWidth;
      if (width && width !== u.width) u.setSize({ width, height: u.height });
    });
    observer.observe(box.current);
    return () => {
      observer.disconnect();
      u.destroy();
      held.current.plot = null;
    };
  }, [near, theme, x.log, y.log, x.label, y.label, height]);

  useEffect(() => {
    const u = held.current.plot;
    if (!u) return;
    const bounds = [x.low, x.high, y.low, y.high].join();
    if (bounds !== held.current.bounds && !held.current.zoomed) u.setData([[x.low, x.high], [y.low, y.high]], true);
    else u.redraw(false);
    held.current.bounds = bounds;
  });

  // What it shows is in words and tables beside it: to those who cannot see it, it is one picture with a name.
  return html`<div class="plot" role="img" aria-label=${about} ref=${box} style=${{ minHeight: `${Math.min(height, 300)}px` }}><div class="tip" ref=${tip} hidden></div></div>`;
}
