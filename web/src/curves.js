// Learning curves of the best trials, and of some others.
import { useMemo, useState } from "preact/hooks";
import { AGAINST, curveAxes, curveMarks, graded, hasAgainst } from "./chart_data.js";
import { stateName } from "./columns.js";
import { count, duration, joules, metric, number, plural, resource } from "./figures.js";
import { go } from "./go.js";
import { html } from "./html.js";
import { AsTable, Empty, Note, Section, Switch, useQuery } from "./pieces.js";
import { Plot } from "./plot.js";
import { trialPath } from "./route.js";
import { Shape } from "./shapes.js";
import { plain } from "./text.js";

const MARKS = [["dot", "finished"], ["cross", "dropped"], ["diamond", "failed"], ["ring", "running, interrupted or paused"]];

function Legend({ study, marks, strong, hover }) {
  const named = [...marks].reverse().filter((mark) => mark.colour !== "grey");
  const line = (mark) => html`<svg class="line" viewBox="0 0 28 10" aria-hidden="true"><path d="M1 5h26" style=${{ stroke: `var(--${mark.colour})`, strokeWidth: Math.max(2, mark.width), strokeDasharray: (mark.dash ?? []).join(" ") }} /></svg>`;
  return html`<ul class="legend" aria-label="Curves, the best first">
      ${named.map(
        (mark) => html`<li key=${mark.id} class=${strong === mark.id ? "strong" : ""} onMouseEnter=${() => hover(mark.id)} onMouseLeave=${() => hover(null)}>
          <a href=${trialPath(study, mark.id)} onFocus=${() => hover(mark.id)} onBlur=${() => hover(null)}>${line(mark)} trial ${mark.id}</a>
        </li>`,
      )}
    </ul>
    <p class="marks">${MARKS.map(([end, name]) => html`<span key=${end}><${Shape} end=${end} /> ${name}</span>`)}</p>`;
}

export function Curves({ study, overview, curves }) {
  const [against, choose] = useQuery("curves", "joules");
  const [strong, hover] = useState(null);
  const described = overview.study.metric;
  const { quality } = overview.study;
  const best = overview.best?.trial ?? null;
  const options = Object.entries(AGAINST).filter(([key]) => key === "joules" || key === against || (curves && hasAgainst(curves, key)));
  const here = curves && hasAgainst(curves, against) ? against : "resource";
  const marks = useMemo(() => (curves ? curveMarks(curves, here, best, described.name, quality) : []), [curves, here, best, described.name, quality]);
  const axes = useMemo(() => (curves ? curveAxes(marks, here, curves.unit, described, quality) : null), [marks]);
  const tools = html`<${Switch} label="Against" name="curves" options=${options.map(([key, { word }]) => [key, word[0].toUpperCase() + word.slice(1)])} value=${here} chosen=${choose} />`;
  const target = described.target === null ? null : { value: described.target, name: `target ${number(described.target)}` };
  const drawn = curves?.curves.length ?? 0;
  return html`<${Section} id="curves" title="Learning curves" tools=${drawn > 0 && tools} say=${here === "joules" ? "Further left is cheaper. A line begins where its trial was first evaluated." : null}>
    ${!curves && html`<${Empty}>Reading …<//>`}
    ${curves && drawn === 0 && html`<${Empty}>There is no evaluation to draw${overview.study.state === "running" ? " yet" : ""}.<//>`}
    ${drawn > 0 &&
    html`<${Plot} marks=${marks} ...${axes} height=${420} target=${target} strong=${strong} hovered=${hover} picked=${(trial) => go(trialPath(study, trial))} about=${`${plain(described.name)} of ${plural(drawn, "trial")} against ${AGAINST[here].name}`} />
      ${drawn < curves.all && html`<${Note}>Of ${count(curves.all)} trials the best half of ${count(drawn)}, and others spread evenly over the ranks that follow.<//>`}
      ${axes.y.outside > 0 && html`<${Note}>${plural(axes.y.outside, "evaluation")} lie outside the picture, so that the others can be told apart.<//>`}
      <${Legend} study=${study} marks=${marks} strong=${strong} hover=${hover} />
      <${AsTable}
        caption="The ends of the curves"
        columns=${[{ name: "trial" }, { name: "state", text: true }, { name: "evaluations" }, { name: plain(described.name) }, { name: "at" }, { name: graded("energy", quality) }, { name: "time" }]}
        rows=${curves.curves.map((curve) => {
          const last = curve.metric.length - 1;
          return [html`<a href=${trialPath(study, curve.trial)}>${curve.trial}</a>`, stateName(curve.state), count(curve.evaluations), metric(curve.metric[last]), resource(curve.resource[last], curves.unit), joules(curve.joules[last]), duration(curve.seconds[last])];
        })}
      />`}
  <//>`;
}
