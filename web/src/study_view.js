// One study, also while it runs.
import { useEffect, useMemo, useState } from "preact/hooks";
import { BestCard, CostCard, DroppedCard, explanation, verdict } from "./answer_cards.js";
import { BestSoFar } from "./best_so_far.js";
import { StudyControl } from "./control.js";
import { Curves } from "./curves.js";
import { count, plural } from "./figures.js";
import { Front } from "./front.js";
import { go } from "./go.js";
import { html } from "./html.js";
import { Importance } from "./importance.js";
import { Method } from "./method.js";
import { Parallel } from "./parallel.js";
import { axesOf, kept } from "./parallel_axes.js";
import { Empty, Name, Section, State, Trouble, useTitle } from "./pieces.js";
import { trialPath } from "./route.js";
import { Rungs } from "./rungs.js";
import { TrialsTable } from "./trials_table.js";
import { useStudy } from "./use_study.js";

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
    <${StudyControl} study=${study} state=${shown.state} />
  </header>`;
}

function Space({ study, overview, rows, ranges, setRanges, inside }) {
  const shown = inside.reduce((sum, one) => sum + one, 0);
  const some = ranges.some(Boolean);
  const tools = some && html`<button type="button" onClick=${() => setRanges([])}>Show all trials</button>`;
  return html`<${Section} id="space" title="Settings" tools=${tools} say="A line is a trial, the thick one the best; the bluer, the better. Drag along an axis to keep the trials that cross it there: the table below follows. Arrow keys go from trial to trial.">
    ${rows.length === 0 && html`<${Empty}>No trial has begun.<//>`}
    ${rows.length > 0 &&
    html`<${Parallel} parameters=${overview.parameters} rows=${rows} best=${overview.best?.trial ?? null} described=${overview.study.metric} quality=${overview.study.quality} ranges=${ranges} setRanges=${setRanges} picked=${(trial) => go(trialPath(study, trial))} />
      ${some && html`<p class="note" role="status">${count(shown)} of ${plural(rows.length, "trial")} shown</p>`}`}
  <//>`;
}

const PARTS = [
  ["answer", "Answer"],
  ["course", "Best so far"],
  ["curves", "Learning curves"],
  ["front", "Metric and energy"],
  ["importance", "What mattered"],
  ["space", "Settings"],
  ["trials", "Trials"],
  ["method", "How it was measured"],
];

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
    <${Space} study=${study} overview=${overview} rows=${rows} ranges=${ranges} setRanges=${setRanges} inside=${inside} />
    <${Section} id="trials" title="Trials">
      <${TrialsTable} study=${study} rows=${chosen} all=${ranges.some(Boolean) ? chosen.length : all} parameters=${overview.parameters} best=${overview.best?.trial ?? null} winner=${overview.study.winner} unit=${overview.unit} described=${described} />
    <//>
    <${Method} overview=${overview} />
  `;
}
