// Tables that are sorted by a click on a heading. An order is the key of a column; "-key" is the other way round.
import { html } from "./html.js";
import { plain } from "./text.js";

// `value(row, key)`; what is not known comes last, either way.
export function byOrder(order, value) {
  const down = order.startsWith("-");
  const key = down ? order.slice(1) : order;
  const absent = (one) => one === null || one === undefined;
  return (a, b) => {
    const [x, y] = [value(a, key), value(b, key)];
    if (absent(x) || absent(y)) return absent(x) - absent(y);
    const less = typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y), "en", { numeric: true });
    return down ? -less : less;
  };
}

export function SortHead({ columns, sort, change }) {
  return columns.map(({ key, name, number, best }) => {
    const here = sort === key || sort === `-${key}`;
    const down = sort === `-${key}`;
    const first = best ?? (number ? `-${key}` : key);
    const next = here ? (down ? key : `-${key}`) : first;
    return html`<th scope="col" key=${key} class=${number ? "n" : ""} aria-sort=${here ? (down ? "descending" : "ascending") : "none"}>
      <button type="button" class="sort" onClick=${() => change(next)}><bdi>${plain(name)}</bdi>${here && html`<span aria-hidden="true" class="arrow">${down ? "↓" : "↑"}</span>`}</button>
    </th>`;
  });
}
