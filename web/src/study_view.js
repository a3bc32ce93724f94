// One study, also while it runs.
import { useEffect, useMemo, useState } from "preact/hooks";
import { BestCard, CostCard, DroppedCard, explanation, verdict } from "./answer_cards.js";
import { get } from "./api.js";
import { AGAINST, courseMarks, curveAxes, curveMarks, energyAxis, frontLine, frontMarks, graded, hasAgainst, metricLabel, timeAxis } from "./chart_data.js";
import { patched, rowsOf, stateName } from "./columns.js";
import { count, date, duration, joules, joulesWithError, metric, number, plural, resource } from "./figures.js";
import { html } from "./html.js";
import { Importance } from "./importance.js";
import { follow, unhurried } from "./live.js";
import { axesOf, kept, Parallel } from "./parallel.js";
import { AsTable, Empty, Name, Note, Section, State, Switch, Trouble, useQuery, useTitle } from "./pieces.js";
import { Plot } from "./plot.js";
import { go } from "./go.js";
import { apiPath, comparePath, trialPath } from "./route.js";
import { Rungs } from "./rungs.js";
import { plain } from "./text.js";
import { metricAxis } from "./ticks.js";
import { TrialsTable } from "./trials_table.js";

// What is known of the study, and how well it is followed.
function useStudy(study) {
  const [known, set] = useState({});
  useEffect(() => {
    const path = apiPath(study);
    let ended = false;
    const learn = (more) => !ended && set((before) => ({ ...before, error: null, ...more }));
    const failed = (error) => learn({ error });
    const overview = () => get(`${path}/overview`).then((value) => (learn({ overview: value }), value));
    const curves = () => get(`${path}/curves`).then((value) => learn({ curves: value }));
    const columns = () =>
      get(`${path}/columns`).then((value) => {
        learn({ rows: rowsOf(value), all: value.all });
        return value.events;
      });
    const pictures = unhurried(() => Promise.all([overview(), curves()]).catch(failed));
    const everything = () => Promise.all([columns(), overview(), curves()]);
    let stop = null;
    const begin = async () => {
      try {
        const [events, { study: { state: first } }] = await everything();
        if (ended) return;
        let [seen, state] = [events, first];
        stop = follow(
          path,
          events,
          (message) => {
            if (message === null) return void everything().catch(failed);
            if (message.events === seen && message.study.state === state) return;
            [seen, state] = [message.events, message.study.state];
            set((before) => {
              const rows = patched(before.rows, message.trials);
              return { ...before, error: null, rows, all: Math.max(before.all, rows.length), overview: { ...before.overview, study: message.study } };
            });
            pictures();
          },
          (connection) => learn({ connection }),
        );
      } catch (error) {
        failed(error);
        if (error.status !== 404 && !ended) setTimeout(() => !ended && begin(), 3000);
      }
    };
    begin();
    return () => {
      ended = true;
      pictures.end();
      stop?.();
    };
  }, [study]);
  return known;
}

const CONNECTION = { live: "live", waiting: "connection lost, trying again", polling: "looks every 5 s: all streams are taken" };

function Connection({ connection, state }) {
  if (!connection || (connection === "live" && state !== "running")) return null;
  return html`<span class=${`connection ${connection}`} role="status">${CONNECTION[connection]}</span>`;
}

function Head({ study, overview, connection }) {
  const shown = overview.study;
  const why = explanation(shown);
  return html`<header class="top">
    <h1><${Name}>${study}<//></h1>
    <${State} state=${shown.state} /> <${Connection} connection=${connection} state=${shown.state} />
    <p class="lead" aria-live="polite">${verdict(overview)}</p>
    ${why && html`<p class="aside">${why}</p>`}
  </header>`;
}

function BestSoFar({ overview }) {
  const { course, study, unit } = overview;
  const [against, choose] = useQuery("course", "joules");
  const described = study.metric;
  const say = (at) => `${plain(described.name)} ${metric(course.best.metric[at])}, trial ${course.best.trial[at]}, when ${graded(joules(course.best.joules[at]), study.quality)}, were spent`;
  const mark = { ...courseMarks(course, against, { colour: "win", width: 2.5, end: "ring", radius: 2.6 }, say), id: "best" };
  const x = against === "joules" ? energyAxis(mark.x, "energy spent", study.quality, false) : timeAxis(mark.x, "time of tuning", false);
  const y = { ...metricAxis(mark.y), label: metricLabel(described) };
  const target = described.target === null ? null : { value: described.target, name: `target ${number(described.target)}` };
  const options = [["joules", "Energy"], ["seconds", "Time"]];
  return html`<${Section} id="course" title="Best so far" tools=${html`<${Switch} label="Against" name="course" options=${options} value=${against} chosen=${choose} />`}>
    ${mark.x.length === 0 && html`<${Empty}>No trial has reported ${plain(described.name)} yet.<//>`}
    ${mark.x.length > 0 &&
    html`<${Plot} marks=${[mark]} x=${x} y=${y} height=${350} target=${target} about=${`The best ${plain(described.name)} so far against the ${against === "joules" ? "energy" : "time"} that the study had taken`} />
      <${AsTable}
        caption="The best so far"
        columns=${[{ name: "trial" }, { name: plain(described.name) }, { name: graded("energy by then", study.quality) }, { name: "time by then" }]}
        rows=${course.best.trial.map((trial, at) => [trial, metric(course.best.metric[at]), joules(course.best.joules[at]), duration(course.best.seconds[at])])}
      />`}
  <//>`;
}

const MARKS = [["dot", "finished"], ["cross", "dropped"], ["diamond", "failed"], ["ring", "running, interrupted or paused"]];
const SHAPES = {
  dot: html`<circle cx="8" cy="8" r="4" class="full" />`,
  ring: html`<circle cx="8" cy="8" r="4" />`,
  cross: html`<path d="M4 4l8 8M12 4l-8 8" />`,
  diamond: html`<path d="M8 3l5 5-5 5-5-5z" />`,
};
const Shape = ({ end }) => html`<svg class="shape" viewBox="0 0 16 16" aria-hidden="true">${SHAPES[end]}</svg>`;

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

function Curves({ study, overview, curves }) {
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
    ${curves && drawn === 0 && html`<${Empty}>There is no evaluation to draw yet.<//>`}
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

const MOST_NAMED = 12;
const KIND_NAMES = { best: "best", front: "on the front", other: "other trials", dropped: "dropped", failed: "failed" };
const KIND_SHAPES = { best: "dot", front: "dot", other: "dot", dropped: "cross", failed: "diamond" };

function Front({ study, overview, rows }) {
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
    ${!some && html`<${Empty}>No trial has a metric and a known energy yet.<//>`}
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
          <${Note}>${count(members.length)} of ${plural(placed, "finished trial")}${members.length > MOST_NAMED ? `, of which ${MOST_NAMED} are named` : ""}${unknown > 0 ? `; the energy of ${count(unknown)} more is unknown` : ""}.<//>`
        : html`<${Note}>There is no front before a trial has finished.<//>`}`}
  <//>`;
}

function Method({ overview }) {
  const { study, domains } = overview;
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
  ];
  return html`<${Section} id="method" title="How it was measured">
    <dl class="facts">${facts.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${plain(value)}</dd></div>`)}</dl>
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

function Space({ overview, rows, ranges, setRanges, inside }) {
  const shown = inside.reduce((sum, one) => sum + one, 0);
  const some = ranges.some(Boolean);
  const tools = some && html`<button type="button" onClick=${() => setRanges([])}>Show all trials</button>`;
  return html`<${Section} id="space" title="Settings" tools=${tools} say="A line is a trial, the best in blue. Drag along an axis to keep the trials that cross it there; the table below follows.">
    ${rows.length === 0 && html`<${Empty}>No trial has begun.<//>`}
    ${rows.length > 0 &&
    html`<${Parallel} parameters=${overview.parameters} rows=${rows} best=${overview.best?.trial ?? null} described=${overview.study.metric} quality=${overview.study.quality} ranges=${ranges} setRanges=${setRanges} />
      ${some && html`<p class="note" role="status">${count(shown)} of ${plural(rows.length, "trial")} shown</p>`}`}
  <//>`;
}

const PARTS = [["answer", "Answer"], ["course", "Course"], ["curves", "Curves"], ["front", "Trade-off"], ["space", "Settings"], ["trials", "Trials"], ["method", "Method"]];

export function StudyView({ study }) {
  const { overview, rows = [], all = 0, curves, connection, error } = useStudy(study);
  useTitle(study);
  const ready = Boolean(overview);
  const [rest, showRest] = useState(false); // the answer is painted before all else
  const whole = rest && curves !== undefined && all > 0;
  useEffect(() => whole && void performance.mark("sm2-pictures"), [whole]); // for bench/serve.py, likewise
  useEffect(() => {
    if (!ready) return;
    performance.mark("sm2-answer");
    showRest(true);
  }, [ready]);
  useEffect(() => {
    if (rest && location.hash.length > 1) document.getElementById(location.hash.slice(1))?.scrollIntoView();
  }, [rest]);
  if (!ready) {
    return html`<header class="top"><h1><${Name}>${study}<//></h1></header><${Trouble} error=${error} />${!error && html`<${Empty}>Reading the study …<//>`}`;
  }
  return html`
    <${Head} study=${study} overview=${overview} connection=${connection} />
    <${Trouble} error=${error} />
    <nav class="parts-of-page" aria-label="Parts of this page">${PARTS.map(([id, name]) => html`<a key=${id} href=${`#${id}`}>${name}</a>`)}</nav>
    <div class="first" id="answer">
      <${BestCard} overview=${overview} />
      <${CostCard} overview=${overview} />
      <${DroppedCard} overview=${overview} />
    </div>
    ${rest && html`<${Rest} study=${study} overview=${overview} rows=${rows} all=${all} curves=${curves} />`}
  `;
}

function Rest({ study, overview, rows, all, curves }) {
  const [ranges, setRanges] = useState([]);
  const axes = useMemo(() => axesOf(overview.parameters, rows, overview.study.metric), [overview.parameters, rows]);
  const inside = useMemo(() => kept(axes, ranges, rows.length), [axes, ranges, rows]);
  const chosen = useMemo(() => (ranges.some(Boolean) ? rows.filter((_, at) => inside[at]) : rows), [rows, inside, ranges]);
  const described = overview.study.metric;
  return html`
    <div class="pair">
      <${BestSoFar} overview=${overview} />
      <${Section} id="rungs" title="Rungs" say="How many trials were trained how far, and what became of them there.">
        <${Rungs} rungs=${overview.rungs} unit=${overview.unit} quality=${overview.study.quality} />
      <//>
    </div>
    <${Curves} study=${study} overview=${overview} curves=${curves} />
    <div class="pair">
      <${Front} study=${study} overview=${overview} rows=${rows} />
      <${Section} id="importance" title="What mattered">
        <${Importance} importance=${overview.importance} unit=${overview.unit} metricName=${described.name} />
      <//>
    </div>
    <${Space} overview=${overview} rows=${rows} ranges=${ranges} setRanges=${setRanges} inside=${inside} />
    <${Section} id="trials" title="Trials">
      <${TrialsTable} study=${study} rows=${chosen} all=${ranges.some(Boolean) ? chosen.length : all} parameters=${overview.parameters} best=${overview.best?.trial ?? null} winner=${overview.study.winner} unit=${overview.unit} described=${described} />
    <//>
    <${Method} overview=${overview} />
  `;
}
