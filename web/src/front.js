// Metric and energy of every trial, and the front: what no other betters in both.
import { useMemo, useState } from "preact/hooks";
import { energyAxis, frontLine, frontMarks, metricLabel } from "./chart_data.js";
import { count, joulesWithError, metric, plural } from "./figures.js";
import { go } from "./go.js";
import { html } from "./html.js";
import { Empty, Name, Note, Section } from "./pieces.js";
import { Plot } from "./plot.js";
import { trialPath } from "./route.js";
import { Shape } from "./shapes.js";
import { plain } from "./text.js";
import { metricAxis } from "./ticks.js";

const MOST_NAMED = 8;
const KIND_NAMES = { best: "best", front: "on the front", other: "other trials", dropped: "dropped", failed: "failed" };
const KIND_SHAPES = { best: "dot", front: "dot", other: "dot", dropped: "cross", failed: "diamond" };

export function Front({ study, overview, rows }) {
  const { members, placed, unknown } = overview.front;
  const described = overview.study.metric;
  const best = overview.best?.trial ?? null;
  const marks = useMemo(() => frontMarks(rows, members, best, described), [rows, members, best, described.name]);
  const x = energyAxis(marks.flatMap((mark) => mark.x), "energy of the trial", overview.study.quality);
  const y = { ...metricAxis(marks.flatMap((mark) => mark.y)), label: metricLabel(described) };
  const [strong, hover] = useState(null);
  const byTrial = useMemo(() => new Map(rows.map((row) => [row.trial, row])), [rows]);
  const on = members.slice(0, MOST_NAMED).map((trial) => byTrial.get(trial)).filter(Boolean);
  const some = marks.some((mark) => mark.x.length > 0);
  return html`<${Section} id="front" title="Metric and energy" say="Each point is a trial; a click opens it. On the front are finished trials: no other has a better metric for as little energy.">
    ${!some && html`<${Empty}>No trial has a metric and a known energy${overview.study.state === "running" ? " yet" : ""}.<//>`}
    ${some &&
    html`<${Plot} marks=${[frontLine(rows, members), ...marks]} x=${x} y=${y} height=${360} strong=${strong} hovered=${hover} picked=${(trial) => go(trialPath(study, trial))} about=${`${plain(described.name)} and energy of every trial; the front has ${members.length}`} />
      <p class="marks">
        ${Object.entries(KIND_NAMES).filter(([kind]) => marks.some((mark) => mark.kind === kind && mark.x.length > 0)).map(([kind, name]) => html`<span key=${kind} class=${`kind-${kind}`}><${Shape} end=${KIND_SHAPES[kind]} /> ${name}</span>`)}
      </p>
      ${members.length > 0
        ? html`<div class="scroll" tabindex="0" role="region" aria-label="The front"><table class="front">
            <caption class="hidden">The front, the best metric first</caption>
            <thead><tr><th scope="col">Trial</th><th scope="col" class="n"><${Name}>${described.name}<//></th><th scope="col" class="n">Energy</th></tr></thead>
            <tbody>${on.map((row) => html`<tr key=${row.trial} class=${row.trial === best ? "winner" : ""}><th scope="row" data-name="trial"><a href=${trialPath(study, row.trial)}>${row.trial}</a></th><td class="n" data-name=${plain(described.name)}>${metric(row.metric)}</td><td class="n" data-name="energy">${joulesWithError(row.joules, row.joules_error)} ${row.quality}</td></tr>`)}</tbody>
          </table></div>
          <${Note}>On the front: ${count(members.length)} of ${plural(placed, "finished trial")}${members.length > MOST_NAMED ? `, of which ${MOST_NAMED} are named` : ""}${unknown > 0 ? `; the energy of ${count(unknown)} more is unknown` : ""}.<//>`
        : html`<${Note}>The front is of finished trials: there is none.<//>`}`}
  <//>`;
}
