// The rungs as they are cut: how many were trained on each, and what became of them.
import { count, joules, metric, plural, resource } from "./figures.js";
import { html } from "./html.js";
import { Empty } from "./pieces.js";

const PARTS = [
  ["promoted", "went on", "winner"],
  ["finished", "finished", "other"],
  ["running", "running", "now"],
  ["waiting", "waiting", "wait"],
  ["dropped", "dropped", "dropped"],
  ["failed", "failed", "failed"],
];

function words(rung) {
  return PARTS.filter(([key]) => rung[key] > 0)
    .map(([key, name]) => `${count(rung[key])} ${name}`)
    .join(", ");
}

export function Rungs({ rungs, unit, quality }) {
  if (rungs.length === 0) return html`<${Empty}>No trial has begun.<//>`;
  const most = Math.max(...rungs.map((rung) => rung.trained));
  const used = PARTS.filter(([key]) => rungs.some((rung) => rung[key] > 0));
  return html`
    <ol class="rungs">
      ${rungs.map(
        (rung) => html`<li key=${rung.rung}>
          <div class="label"><b>Rung ${rung.rung}</b> <span class="soft">to ${resource(rung.until, unit)}</span></div>
          <div class="track" aria-hidden="true">
            <div class="bar" style=${{ width: `${(100 * rung.trained) / most}%` }}>
              ${PARTS.map(([key, , look]) => rung[key] > 0 && html`<i key=${key} class=${look} style=${{ flexGrow: rung[key] }}></i>`)}
            </div>
          </div>
          <div class="much">
            ${plural(rung.trained, "trial")}: ${words(rung)}
            <span class="soft"> · ${joules(rung.joules)}${quality ? ` ${quality}` : ""} · best ${metric(rung.metric)}</span>
          </div>
        </li>`,
      )}
    </ol>
    <ul class="key" aria-label="Colours">${used.map(([key, name, look]) => html`<li key=${key}><i class=${look}></i>${name}</li>`)}</ul>
  `;
}
