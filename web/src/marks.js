// Marks of a picture on uPlot's canvas: lines, steps and points that each have places of their own. Colours are the page's own.
import { colour } from "./theme.js";

// Whether an axis can show the value.
export const inside = (axis, value) => Number.isFinite(value) && (!axis.log || value > 0);

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

function drawLine(context, places, { steps, dash }, ratio) {
  context.setLineDash((dash ?? []).map((part) => part * ratio));
  context.beginPath();
  let before = null;
  for (const point of places) {
    if (!point) before = null;
    else if (!before) context.moveTo(...point);
    else {
      if (steps) context.lineTo(point[0], before[1]);
      context.lineTo(...point);
    }
    if (point) before = point;
  }
  context.stroke();
  context.setLineDash([]);
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
    places.push(there ? [u.valToPos(mark.x[at], "x", true), u.valToPos(mark.y[at], "y", true)] : null);
  }
  if (mark.width) {
    context.lineWidth = ratio * (strong ? mark.width + 1.5 : mark.width);
    drawLine(context, places, mark, ratio);
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

// All of them, the last above; above all the one whose trial is `strong`.
export function drawMarks(u, marks, axes, strong) {
  for (const mark of marks) drawMark(u, mark, axes, false);
  for (const mark of strong === null ? [] : marks) {
    const only = mark.ids?.indexOf(strong);
    if (only === undefined ? mark.id === strong : only >= 0) drawMark(u, mark, axes, true, only);
  }
}

// A level with its name: { value, name }.
export function drawLevel(u, { value, name }) {
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
