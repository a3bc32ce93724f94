// The lines of parallel coordinates on a canvas: one for each trial, the better above, the best and the one at the cursor above all.
import { colour } from "./theme.js";

// px: room for names above, for the lowest values below, for half a name at either side.
export const TOP = 42;
export const BOTTOM = 16;
export const SIDE = 46;

export const acrossOf = (axes, width) => (axis) => SIDE + (axes > 1 ? (axis * (width - 2 * SIDE)) / (axes - 1) : 0);
export const downOf = (height) => (at) => height - BOTTOM - at * (height - TOP - BOTTOM);

// `inside`: whether each row is among those that are kept; `strong`: the number of a trial, or null.
export function drawLines(canvas, axes, rows, inside, best, goal, strong) {
  const ratio = devicePixelRatio;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  const x = acrossOf(axes.length, width);
  const y = downOf(height);
  const last = axes.find((axis) => axis.is === "metric");
  const good = (row) => (!last || last.at[row] === null ? 0 : goal === "minimize" ? 1 - last.at[row] : last.at[row]);
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
  const above = (trial, paint, alphaOutside, thick) => {
    const row = rows.findIndex((one) => one.trial === trial);
    if (row < 0) return;
    context.globalAlpha = inside[row] ? 1 : alphaOutside;
    context.strokeStyle = colour(paint);
    context.lineWidth = thick;
    line(row);
  };
  if (best !== null) above(best, "win", 0.25, 3);
  if (strong === null) return;
  above(strong, "card", 1, 6); // an edge, so that it stands out from what it crosses
  above(strong, strong === best ? "win" : "drop", 1, 3.5);
}
