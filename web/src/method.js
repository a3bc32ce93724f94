// How it was measured: what the figures rest on.
import { count, date, duration, joules, joulesWithError, number } from "./figures.js";
import { Hardware } from "./hardware.js";
import { html } from "./html.js";
import { Empty, Name, Note, Section } from "./pieces.js";
import { apiPath, comparePath } from "./route.js";
import { plain } from "./text.js";

export function Method({ overview }) {
  const { study, domains, hardware } = overview;
  const facts = [
    ["strategy", study.strategy.name],
    ["seed", study.strategy.seed],
    ["weight of energy", study.strategy.energy],
    ["weight of stability", study.strategy.stability],
    ["metric", `${study.metric.name}, ${study.metric.goal}d${study.metric.target === null ? "" : `, target ${number(study.metric.target)}`}`],
    ["begun", date(study.created)],
    ["time of tuning", duration(study.seconds)],
    ["host", study.host || "unknown"],
    ["sm2", study.version || "unknown"],
    ["hardware of trials", hardware.length > 1 ? `${count(hardware.length)} kinds, below` : (hardware[0]?.kind ?? "unknown")],
  ];
  return html`<${Section} id="method" title="How it was measured">
    <dl class="facts">${facts.map(([name, value]) => html`<div key=${name} class=${name === "hardware of trials" ? "wide" : ""}><dt>${name}</dt><dd>${plain(value)}</dd></div>`)}</dl>
    <${Hardware} kinds=${hardware} />
    <${Domains} domains=${domains} what="energy of all trials" />
    <${Note}>
      Energy is the gross energy of the devices that a trial held while it ran. ± is its whole uncertainty. Measured figures were read from a meter; modelled ones were
      computed from use, and can be wrong by the stated error for all trials alike; replayed ones come from a recording.
    <//>
    <p class="note"><a href=${`/studies/${encodeURIComponent(study.study)}/report`} data-plain>The report, with the study file</a> · <a href=${apiPath(study.study)} data-plain>as JSON</a> · <a href=${comparePath([study.study])}>beside other studies</a></p>
  <//>`;
}

export function Domains({ domains, what }) {
  if (domains.length === 0) return html`<${Empty}>No energy was read.<//>`;
  const note = (one) => [one.counted ? "" : "part of another, not added", plain(one.note)].filter(Boolean).join("; ");
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Energy by domain"><table class="domains">
    <thead><tr><th scope="col">domain</th><th scope="col">source</th><th scope="col">quality</th><th scope="col" class="n">${what}</th><th scope="col" class="n">above idle</th>${domains.some(note) && html`<th scope="col">note</th>`}</tr></thead>
    <tbody>
      ${domains.map((one) => html`<tr key=${one.domain + one.source}><th scope="row"><${Name}>${one.domain}<//></th><td data-name="source"><${Name}>${one.source}<//></td><td data-name="quality">${one.quality}</td><td class="n" data-name="energy">${joulesWithError(one.joules, one.joules_error)}</td><td class="n" data-name="above idle">${joules(one.above_idle)}</td>${domains.some(note) && html`<td class="reason">${note(one)}</td>`}</tr>`)}
    </tbody>
  </table></div>`;
}
