// A picture of marks, which the pointer and keys move over. uPlot has the axes, the pointer and zooming (drag; a double click shows
// all); the marks are drawn by us, as they do not share their x.
import { useLayoutEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { axesBelowAndLeft } from "./axes.js";
import { html } from "./html.js";
import { byKeys } from "./keys.js";
import { drawLevel, drawMarks } from "./marks.js";
import { useNear } from "./near.js";
import { placeAfter, placeAt } from "./places.js";
import { useTheme } from "./theme.js";

// What is said of a place beside it, within the picture.
function showTip(tip, u, found) {
  tip.hidden = !found;
  if (!found) return;
  tip.textContent = found.mark.say?.(found.at) ?? "";
  const width = u.root.parentNode.clientWidth;
  const left = found.x + u.over.offsetLeft;
  const right = left > width / 2;
  tip.style.left = right ? "auto" : `${left + 12}px`;
  tip.style.right = right ? `${width - left + 12}px` : "auto";
  tip.style.top = `${Math.max(0, found.y + u.over.offsetTop - 16)}px`;
}

function showHere(here, u, found) {
  here.hidden = !found;
  if (!found) return;
  here.style.left = `${found.x + u.over.offsetLeft}px`;
  here.style.top = `${found.y + u.over.offsetTop}px`;
}

// marks: [{ id, or kind and ids: [], x: [], y: [], colour, width, dash, steps, radius, shape, end, alpha, silent, say(at) }]; x and y: { low, high,
// log, label, format }. `strong` is the id of the mark to show above all; `picked(id)` is told of a click or Enter, `hovered(id)` of
// where the pointer or the keys are.
export function Plot({ marks, x, y, height, about, strong = null, picked, hovered, target }) {
  const box = useRef(null);
  const tip = useRef(null);
  const here = useRef(null);
  const spoken = useRef(null);
  const held = useRef({});
  const theme = useTheme();
  const near = useNear(box);
  held.current = { ...held.current, marks, axes: { x, y }, strong, picked, hovered, target };

  const find = (found, keyed = null) => {
    const now = held.current;
    now.found = found;
    now.keyed = keyed;
    box.current.classList.toggle("at", Boolean(found && now.picked));
    showTip(tip.current, now.plot, found);
    showHere(here.current, now.plot, keyed);
    const id = found?.id ?? null;
    if (id === now.told) return;
    now.told = id;
    now.hovered?.(id);
  };

  useLayoutEffect(() => {
    if (!near) return undefined;
    const width = box.current.clientWidth;
    const narrow = width < 480;
    const options = {
      width,
      height: Math.min(height, narrow ? 300 : height),
      legend: { show: false },
      padding: [12, 16, 0, 0],
      scales: {
        x: { time: false, distr: x.log ? 3 : 1, range: (_, low, high) => [low, high] },
        y: { distr: y.log ? 3 : 1, range: (_, low, high) => [low, high] },
      },
      axes: axesBelowAndLeft(x, y, narrow),
      series: [{}, { show: true, paths: () => null, points: { show: false } }],
      cursor: { drag: { x: true, y: true, uni: 24 }, points: { show: false }, x: false, y: false },
      hooks: {
        draw: [
          (u) => {
            const now = held.current;
            drawMarks(u, now.marks, now.axes, now.strong);
            if (now.target) drawLevel(u, now.target);
          },
        ],
        setCursor: [
          (u) => {
            if (box.current && held.current.plot === u) find(placeAt(u, held.current.marks, held.current.axes));
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
      const now = box.current?.clientWidth;
      if (now && now !== u.width) u.setSize({ width: now, height: u.height });
    });
    observer.observe(box.current);
    return () => {
      observer.disconnect();
      u.destroy();
      held.current.plot = null;
    };
  }, [near, theme, x.log, y.log, x.label, y.label, height]);

  useLayoutEffect(() => {
    const u = held.current.plot;
    if (!u) return;
    const bounds = [x.low, x.high, y.low, y.high].join();
    if (bounds !== held.current.bounds && !held.current.zoomed) u.setData([[x.low, x.high], [y.low, y.high]], true);
    else u.redraw(false);
    held.current.bounds = bounds;
  });

  const pressed = (event) => {
    const now = held.current;
    if (!now.plot || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter" && now.keyed && now.picked) return now.picked(now.keyed.id);
    if (event.key === "Escape") return left();
    const found = placeAfter(now.plot, now.marks, now.axes, now.keyed, event.key);
    if (!found) return;
    event.preventDefault();
    find(found, found);
    spoken.current.textContent = tip.current.textContent;
  };
  const left = () => {
    if (held.current.keyed) find(null);
  };

  return html`<div class="plot" role="application" aria-roledescription="picture" aria-label=${byKeys(about, picked)} tabindex="0" onKeyDown=${pressed} onBlur=${left} ref=${box} style=${{ minHeight: `${Math.min(height, 300)}px` }}>
    <div class="tip" ref=${tip} aria-hidden="true" hidden></div>
    <i class="here" ref=${here} hidden></i>
    <p class="hidden" aria-live="polite" ref=${spoken}></p>
  </div>`;
}
