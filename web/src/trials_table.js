// All trials as a table: sorted, searched by state, a page at a time.
import { useEffect, useMemo, useState } from "preact/hooks";
import { byMetric, stateName } from "./columns.js";
import { count, duration, metric, quantity, setting } from "./figures.js";
import { html } from "./html.js";
import { Energy, Empty, useQuery } from "./pieces.js";
import { trialPath } from "./route.js";
import { byOrder, SortHead } from "./sorting.js";
import { plain } from "./text.js";

const PAGE = 25;
const OWN = new Set(["trial", "state", "metric", "joules", "rung", "resource", "seconds"]);

const valueOf = (row, key) => (OWN.has(key) ? row[key] : (row.params[key.slice(1)] ?? null));

export function TrialsTable({ study, rows, all, parameters, best, winner, unit, described }) {
  const [sort, setSort] = useQuery("sort", "best");
  const [state, setState] = useQuery("state", "");
  const [page, setPage] = useState(0);
  const states = useMemo(() => [...new Set(rows.map((row) => row.state))].sort(), [rows]);
  const ordered = useMemo(() => {
    const some = state ? rows.filter((row) => row.state === state) : rows.slice();
    if (sort !== "best") return some.sort(byOrder(sort, valueOf));
    const better = byMetric(described.goal);
    const rank = (row) => (row.trial === best ? 0 : row.state === "failed" ? 2 : 1);
    return some.sort((a, b) => rank(a) - rank(b) || better(a, b));
  }, [rows, sort, state, best, described.goal]);
  const pages = Math.max(1, Math.ceil(ordered.length / PAGE));
  const here = Math.min(page, pages - 1);
  useEffect(() => setPage(0), [sort, state]);

  const columns = [
    { key: "trial", name: "Trial" },
    { key: "state", name: "State" },
    ...parameters.map(({ name }) => ({ key: `.${name}`, name, number: true })),
    { key: "rung", name: "Rung", number: true },
    { key: "resource", name: unit, number: true },
    { key: "metric", name: described.name, number: true, best: described.goal === "minimize" ? "metric" : "-metric" },
    { key: "joules", name: "Energy", number: true },
    { key: "seconds", name: "Time", number: true },
  ];
  const look = (row) => (row.trial === best ? "winner" : row.state === "stopped" ? "dropped" : row.state);
  const became = (row) => (row.trial === winner ? "winner" : row.trial === best ? `best so far, ${stateName(row.state)}` : stateName(row.state));

  return html`
    <div class="tools">
      <label>State${" "}
        <select value=${state} onChange=${(event) => setState(event.target.value)}>
          <option value="">all</option>
          ${states.map((one) => html`<option key=${one} value=${one}>${stateName(one)}</option>`)}
        </select>
      </label>
      ${sort !== "best" && html`<button type="button" onClick=${() => setSort("best")}>Best first</button>`}
      <span class="soft">${rows.length < all ? `${count(rows.length)} of ${count(all)} trials: the best half, the others spread over the rest` : ""}</span>
    </div>
    ${ordered.length === 0 && html`<${Empty}>${rows.length === 0 ? "There is no trial to show." : "No trial is in that state."}<//>`}
    ${ordered.length > 0 &&
    html`<div class="scroll" tabindex="0" role="region" aria-label="Trials">
      <table class="trials">
        <thead><tr><${SortHead} columns=${columns} sort=${sort} change=${setSort} /></tr></thead>
          ${ordered.slice(here * PAGE, (here + 1) * PAGE).map(
            (row) => html`<tbody key=${row.trial} class=${look(row)}><tr>
              <th scope="row" data-name="trial"><a href=${trialPath(study, row.trial)}>${row.trial}</a></th>
              <td><span class="chip">${became(row)}</span></td>
              ${parameters.map(({ name }) => html`<td key=${name} class="n" data-name=${plain(name)}>${setting(row.params[name])}</td>`)}
              <td class="n" data-name="rung">${row.rung}</td>
              <td class="n" data-name=${plain(unit)}>${quantity(row.resource)}</td>
              <td class="n" data-name=${plain(described.name)}>${metric(row.metric)}</td>
              <td class="n" data-name="energy"><${Energy} joules=${row.joules} error=${row.joules_error} quality=${row.quality} /></td>
              <td class="n" data-name="time">${duration(row.seconds)}</td>
            </tr>
            ${row.reason && html`<tr class="because"><td colspan=${columns.length}>${plain(row.reason)}</td></tr>`}</tbody>`,
          )}
      </table>
    </div>`}
    ${pages > 1 &&
    html`<nav class="pages" aria-label="Pages of trials">
      <button type="button" disabled=${here === 0} onClick=${() => setPage(here - 1)}>Before</button>
      <span>${count(here * PAGE + 1)} to ${count(Math.min(ordered.length, (here + 1) * PAGE))} of ${count(ordered.length)}</span>
      <button type="button" disabled=${here >= pages - 1} onClick=${() => setPage(here + 1)}>Next</button>
    </nav>`}
  `;
}
