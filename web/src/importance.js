// How much of what differs goes with each parameter (src/report/importance.h).
import { count, resource, share } from "./figures.js";
import { html } from "./html.js";
import { Empty, Name, Note } from "./pieces.js";

function Bar({ part, beyond, look }) {
  if (part === null) return html`<span class="soft">not known</span>`;
  return html`<div class="track" aria-hidden="true"><div class=${`bar ${beyond ? look : "chance"}`} style=${{ width: `${100 * part}%` }}></div></div>
    <span class="much">${share(part)}${!beyond && html` <span class="soft">within chance</span>`}</span>`;
}

export function Importance({ importance, unit, metricName }) {
  const { enough, trials, fewest, shares, resource: at } = importance;
  if (!enough) {
    return html`<${Empty}>Too little data: ${count(trials)} of the ${fewest} trials that are needed have a metric${at > 0 ? ` at ${resource(at, unit)}` : ""}.<//>`;
  }
  return html`
    <table class="importance">
      <thead><tr><th scope="col">Parameter</th><th scope="col"><${Name}>${metricName}<//></th><th scope="col">energy per ${unit}</th></tr></thead>
      <tbody>
        ${shares.map(
          (one) => html`<tr key=${one.parameter}>
            <th scope="row"><${Name}>${one.parameter}<//></th>
            <td data-name="metric"><div class="share"><${Bar} part=${one.metric} beyond=${one.metric_beyond_chance} look="win" /></div></td>
            <td data-name="energy"><div class="share"><${Bar} part=${one.energy} beyond=${one.energy_beyond_chance} look="rest" /></div></td>
          </tr>`,
        )}
      </tbody>
    </table>
    <${Note}>
      The share of the variance of ranks that goes with each parameter alone: epsilon squared of Kruskal and Wallis, over ${count(trials)} trials as they were at${" "}
      ${resource(at, unit)}. "Within chance" would come from 1 in 20 parameters that do nothing. What parameters do only together is in none of them, and a strategy does not try values evenly.
    <//>
  `;
}
