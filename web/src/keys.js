// Moving over the points of a picture by keys. A picture is lines of points, of which `lines` has the x, from left to right:
// [[x, ...], ...], the first line above. Left and right go along a line, up and down to another one, where it is nearest; where
// there is one line alone they go along it too. Home and End are its ends.

const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity };

function nearest(line, x) {
  let best = 0;
  for (let at = 1; at < line.length; ++at) if (Math.abs(line[at] - x) < Math.abs(line[best] - x)) best = at;
  return best;
}

// [line, place in it] after the key, from `here`, or null; `begin` is where one begins. None where the key moves nothing.
export function moved(lines, here, key, begin) {
  const step = STEPS[key];
  if (step === undefined || lines.length === 0) return null;
  if (!here) return begin;
  const [line, at] = here;
  if (lines.length > 1 && (key === "ArrowUp" || key === "ArrowDown")) {
    const other = Math.min(lines.length - 1, Math.max(0, line + step));
    return [other, other === line ? at : nearest(lines[other], lines[line][at])];
  }
  return [line, Math.min(lines[line].length - 1, Math.max(0, at + step))];
}

// What it is called by those who hear it.
export const byKeys = (about, opens) => `${about}. Arrow keys move over it${opens ? ", Enter opens what is there" : ""}.`;
