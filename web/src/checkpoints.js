// The checkpoints of a trial: the one that it goes on from, and those before.
import { count, plural, resource } from "./figures.js";
import { html } from "./html.js";
import { Name } from "./pieces.js";
import { trialPath } from "./route.js";

export function Checkpoints({ history }) {
  const { checkpoint, checkpoints, unit, study } = history;
  if (!checkpoint) return html`<p class="say">No checkpoint was announced.</p>`;
  const others = checkpoint.of === null ? checkpoints.latest.slice(1) : [];
  const before = checkpoint.of === null ? checkpoints.all - 1 : 0;
  return html`<p class="say">
      Checkpoint <b><${Name}>${checkpoint.name}<//></b> at ${resource(checkpoint.resource, unit)}${checkpoint.of !== null ? html`, of <a href=${trialPath(study, checkpoint.of)}>trial ${checkpoint.of}</a>` : ""}.
    </p>
    ${before > 0 &&
    html`<details class="as-table checkpoints">
      <summary>${plural(before, "earlier checkpoint")}${others.length < before ? `, the latest ${count(others.length)} here` : ""}</summary>
      <ol reversed start=${before}>${others.map((one, at) => html`<li key=${at}><${Name}>${one.name}<//> <span class="soft">at ${resource(one.resource, unit)}</span></li>`)}</ol>
    </details>`}`;
}
