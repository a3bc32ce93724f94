// Studies side by side: the best so far of each against what it had spent, and a table.
import { useEffect, useState } from "preact/hooks";
import { get } from "./api.js";
import { courseMarks, energyAxis, graded, metricLabel, timeAxis } from "./chart_data.js";
import { count, duration, joules, metric, number, share } from "./figures.js";
import { html } from "./html.js";
import { AsTable, Empty, Energy, Name, Note, Section, State, Switch, useQuery, useTitle } from "./pieces.js";
import { Plot } from "./plot.js";
import { go } from "./go.js";
import { apiPath, comparePath, isName, MOST_COMPARED, studyPath } from "./route.js";
import { plain } from "./text.js";
import { metricAxis } from "./ticks.js";

const AGAIN = 5000; // ms, while one runs
const LOOKS = [[], [7, 5], [2, 4], [10, 4, 2, 4], [14, 4], [4, 4], [1, 5], [12, 3, 3, 3]];
const COLOURS = ["win", "c4", "c1", "c2", "c0", "c5", "c3", "c6"];

function useOverviews(studies) {
  const [known, set] = useState({ all: {} });
  const key = studies.join(",");
  useEffect(() => {
    let ended = false;
    let timer = null;
    const look = async () => {
      if (!document.hidden) {
        const answers = await Promise.allSettled(studies.map((study) => get(`${apiPath(study)}/overview`)));
        if (ended) return;
        const found = answers.map((one, at) => [studies[at], one]);
        set({
          all: Object.fromEntries(found.filter(([, one]) => one.status === "fulfilled").map(([study, one]) => [study, one.value])),
          errors: found.filter(([, one]) => one.status === "rejected").map(([study, one]) => [study, one.reason]),
        });
      }
      timer = setTimeout(look, AGAIN);
    };
    if (studies.length > 0) look();
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }, [key]);
  return known;
}

const ROWS = [
  ["state", ({ study }) => html`<${State} state=${study.state} />`],
  ["strategy", ({ study }) => plain(study.strategy.name)],
  ["seed", ({ study }) => study.strategy.seed],
  ["metric", ({ study }) => html`<${Name}>${study.metric.name}<//>, ${study.metric.goal}d`],
  ["best", ({ best }) => metric(best?.metric)],
  ["best trial", ({ study, best }) => (best ? html`<a href=${`${studyPath(study.study)}/trials/${best.trial}`}>trial ${best.trial}</a>${best.decided ? ", the winner" : ""}` : "none")],
  ["trials", ({ study }) => count(Object.values(study.trials).reduce((sum, one) => sum + one, 0))],
  ["energy", ({ study }) => html`<${Energy} joules=${study.joules.total} error=${study.joules_error.total} quality=${study.quality} />`],
  ["energy from", ({ provenance }) => plain(provenance)],
  ["in dropped trials", ({ study }) => share(study.dropped_share)],
  ["exploring", ({ study }) => graded(joules(study.joules.exploring), study.quality)],
  ["training the winner", ({ study }) => graded(joules(study.joules.training), study.quality)],
  ["time of tuning", ({ study }) => duration(study.seconds)],
  ["carbon", ({ study }) => (study.carbon_grams.total === null ? "–" : `${number(study.carbon_grams.total)} gCO2e`)],
];

function Add({ studies }) {
  const [names, set] = useState([]);
  useEffect(() => {
    get("/api/v1/studies").then(({ studies: all }) => set(all.map((one) => one.study).filter(isName).reverse()), () => {});
  }, []);
  const left = names.filter((name) => !studies.includes(name));
  if (left.length === 0 || studies.length >= MOST_COMPARED) return null;
  return html`<label>Add a study${" "}
    <select value="" onChange=${(event) => event.target.value && go(comparePath([...studies, event.target.value]))}>
      <option value="">choose …</option>
      ${left.map((name) => html`<option key=${name} value=${name}>${plain(name)}</option>`)}
    </select>
  </label>`;
}

export function CompareView({ studies }) {
  const { all, errors = [] } = useOverviews(studies);
  const [against, choose] = useQuery("x", "joules");
  const [strong, hover] = useState(null);
  useTitle("Studies side by side");
  const known = studies.map((study) => all[study]).filter(Boolean);
  const first = known[0];
  const comparable = known.filter((one) => one.study.metric.name === first.study.metric.name && one.study.metric.goal === first.study.metric.goal);
  const others = known.filter((one) => !comparable.includes(one));
  const look = (one) => {
    const at = studies.indexOf(one.study.study);
    return { colour: COLOURS[at], dash: LOOKS[at], width: 2.4 };
  };
  const marks = comparable.map((one) => {
    const { course, study } = one;
    const say = (at) => `${plain(study.study)}: ${plain(study.metric.name)} ${metric(course.best.metric[at])} when ${graded(joules(course.best.joules[at]), study.quality)}, were spent`;
    return { ...courseMarks(course, against, { ...look(one), end: study.state === "running" ? "ring" : "dot" }, say), id: study.study };
  });
  const qualities = [...new Set(known.map((one) => one.study.quality).filter(Boolean))];
  const xs = marks.flatMap((mark) => mark.x);
  const x = against === "joules" ? energyAxis(xs, "energy spent", qualities.length === 1 ? qualities[0] : null, false) : timeAxis(xs, "time of tuning", false);

  return html`
    <header class="top"><h1>Studies side by side</h1></header>
    ${errors.map(([study, error]) => html`<p class="trouble" role="alert"><${Name}>${study}<//>: ${plain(error.message)}</p>`)}
    ${studies.length === 0 && html`<section class="card"><${Empty}>Choose studies to compare, here or in the <a href="/">list</a>.<//></section>`}
    <p class="tools"><${Add} studies=${studies} /></p>
    ${first &&
    html`<${Section} id="course" title="Best so far" tools=${html`<${Switch} label="Against" name="x" options=${[["joules", "Energy"], ["seconds", "Time"]]} value=${against} chosen=${choose} />`}>
        ${xs.length === 0 && html`<${Empty}>None has reported a metric yet.<//>`}
        ${xs.length > 0 &&
        html`<${Plot} marks=${marks} x=${x} y=${{ ...metricAxis(marks.flatMap((mark) => mark.y)), label: metricLabel(first.study.metric) }} height=${400} strong=${strong} hovered=${hover} picked=${(study) => go(studyPath(study))} about=${`The best ${plain(first.study.metric.name)} so far of ${comparable.length} studies`} />
          <ul class="legend" aria-label="Studies">
            ${comparable.map((one) => {
              const { colour, dash, width } = look(one);
              const name = one.study.study;
              return html`<li key=${name} class=${strong === name ? "strong" : ""} onMouseEnter=${() => hover(name)} onMouseLeave=${() => hover(null)}>
                <a href=${studyPath(name)} onFocus=${() => hover(name)} onBlur=${() => hover(null)}>
                  <svg class="line" viewBox="0 0 28 10" aria-hidden="true"><path d="M1 5h26" style=${{ stroke: `var(--${colour})`, strokeWidth: width, strokeDasharray: dash.join(" ") }} /></svg> <${Name}>${name}<//>
                </a>
              </li>`;
            })}
          </ul>`}
        ${others.length > 0 && html`<${Note}>Not drawn, as they have another metric: ${others.map((one) => plain(one.study.study)).join(", ")}.<//>`}
        ${qualities.length > 1 && html`<${Note}>The energy of these studies is of different quality (${qualities.join(", ")}): compare with care.<//>`}
        ${xs.length > 0 &&
        html`<${AsTable}
          caption="The best so far of each study"
          columns=${[{ name: "study", text: true }, { name: "trial" }, { name: plain(first.study.metric.name) }, { name: "energy by then" }, { name: "time by then" }]}
          rows=${comparable.flatMap(({ study, course }) => course.best.trial.map((trial, at) => [plain(study.study), trial, metric(course.best.metric[at]), graded(joules(course.best.joules[at]), study.quality), duration(course.best.seconds[at])]))}
        />`}
      <//>
      <section class="card" aria-labelledby="figures-title">
        <h2 id="figures-title">Figures</h2>
        <div class="scroll" tabindex="0" role="region" aria-label="Figures of the studies">
          <table class="side-by-side">
            <thead><tr><td></td>${known.map(({ study }) => html`<th scope="col" key=${study.study}><a href=${studyPath(study.study)}><${Name}>${study.study}<//></a> <a class="soft" href=${comparePath(studies.filter((one) => one !== study.study))} aria-label=${`Take ${plain(study.study)} out`}>×</a></th>`)}</tr></thead>
            <tbody>${ROWS.map(([name, cell]) => html`<tr key=${name}><th scope="row">${name}</th>${known.map((one) => html`<td key=${one.study.study}>${cell(one)}</td>`)}</tr>`)}</tbody>
          </table>
        </div>
      </section>`}
  `;
}
