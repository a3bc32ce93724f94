// The places of a picture's marks, { mark, at, x, y, id }: which is under the pointer, and which come one after another for keys.
import { inside } from "./marks.js";
import { moved } from "./keys.js";

const NEAR = 28; // px, in which the pointer is at a mark

const shown = (mark, at, axes) => !mark.silent && inside(axes.x, mark.x[at]) && inside(axes.y, mark.y[at]);

function placeOf(u, mark, at) {
  return { mark, at, x: u.valToPos(mark.x[at], "x"), y: u.valToPos(mark.y[at], "y"), id: mark.ids ? mark.ids[at] : mark.id };
}

// The one that is nearest to the pointer.
export function placeAt(u, marks, axes) {
  const { left, top } = u.cursor;
  if (left === undefined || left < 0) return null;
  let best = null;
  let least = NEAR ** 2;
  for (const mark of marks) {
    for (let at = 0; at < mark.x.length; ++at) {
      if (!shown(mark, at, axes)) continue;
      const distance = (u.valToPos(mark.x[at], "x") - left) ** 2 + (u.valToPos(mark.y[at], "y") - top) ** 2;
      if (distance < least) {
        least = distance;
        best = [mark, at];
      }
    }
  }
  return best && placeOf(u, ...best);
}

// The one to which the key leads from the last one, or null; the mark that is above all is the first. Marks may be others since.
export function placeAfter(u, marks, axes, last, key) {
  const within = (mark, at) => mark.x[at] >= u.scales.x.min && mark.x[at] <= u.scales.x.max;
  const lines = [...marks]
    .reverse()
    .map((mark) => ({ mark, order: mark.x.map((_, at) => at).filter((at) => shown(mark, at, axes) && within(mark, at)).sort((a, b) => mark.x[a] - mark.x[b]) }))
    .filter(({ order }) => order.length > 0);
  const line = last ? lines.findIndex(({ mark }) => (mark.kind ?? mark.id) === (last.mark.kind ?? last.mark.id)) : -1;
  const at = line < 0 ? -1 : lines[line].order.findIndex((place) => (last.mark.ids ? lines[line].mark.ids[place] === last.id : place === last.at));
  const xs = lines.map(({ mark, order }) => order.map((place) => mark.x[place]));
  const next = moved(xs, at < 0 ? null : [line, at], key, [0, (xs[0]?.length ?? 0) - 1]);
  return next && placeOf(u, lines[next[0]].mark, lines[next[0]].order[next[1]]);
}
