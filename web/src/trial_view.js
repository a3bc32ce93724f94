// One trial: settings, command, stretches, energy, curve, checkpoint, log.
import { useEffect, useRef, useState } from "preact/hooks";
import { get, getText } from "./api.js";
import { AGAINST, axisAgainst, graded } from "./chart_data.js";
import { Checkpoints } from "./checkpoints.js";
import { stateName } from "./columns.js";
import { count, duration, joules, joulesWithError, metric, number, resource, setting } from "./figures.js";
import { html } from "./html.js";
import { TrialControl } from "./control.js";
import { follow, unhurried } from "./live.js";
import { AsTable, Command, Empty, Name, Note, Section, State, Switch, Trouble, useQuery, useTitle } from "./pieces.js";
import { Plot } from "./plot.js";
import { apiPath, studyPath, trialPath } from "./route.js";
import { Domains } from "./method.js";
import { plain } from "./text.js";
import { metricAxis } from "./ticks.js";

function useTrial(study, trial) {
  const [known, set] = useState({});
  useEffect(() => {
    const path = `${apiPath(study)}/trials/${trial}`;
    let ended = false;
    let stop = null;
    const learn = (more) => !ended && set((before) => ({ ...before, ...more }));
    const history = () => get(`${path}/history`).then((value) => (learn({ history: value, error: null }), value));
    const log = () => getText(`${path}/log`).then((text) => learn({ log: text, noLog: null })).catch((error) => learn({ noLog: error }));
    const again = unhurried(() => Promise.all([history(), log()]).catch((error) => learn({ error })));
    const begin = () =>
      Promise.all([history(), log()])
        .then(([{ events }]) => {
          if (ended) return;
          const concerns = (message) => message === null || message.trials.some((one) => one.trial === trial);
          stop = follow(apiPath(study), events, (message) => concerns(message) && again(), () => {});
        })
        .catch((error) => {
          learn({ error });
          if (error.status !== 404 && !ended) setTimeout(() => !ended && begin(), 3000);
        });
    set({});
    begin();
    return () => {
      ended = true;
      again.end();
      stop?.();
    };
  }, [study, trial]);
  return known;
}

function Curve({ history }) {
  const { evaluations, unit, metric: described } = history;
  const names = Object.keys(evaluations.metrics).sort((a, b) => (b === described.name) - (a === described.name) || a.localeCompare(b));
  const [shown, show] = useQuery("metric", described.name);
  const [chosen, choose] = useQuery("curve", "joules");
  const name = names.includes(shown) ? shown : described.name;
  const has = (key) => evaluations[key].some((value) => value !== null && value > 0);
  const options = Object.entries(AGAINST).filter(([key]) => has(key));
  const against = has(chosen) ? chosen : "resource";
  const values = evaluations.metrics[name] ?? [];
  const { quality } = history.trial;
  const x = axisAgainst(against, evaluations[against], unit, quality);
  const y = { ...metricAxis(values.filter((value) => value !== null)), label: plain(name) };
  const say = (at) => `${plain(name)} ${metric(values[at])} at ${resource(evaluations.resource[at], unit)}, ${graded(joules(evaluations.joules[at]), quality)}`;
  const mark = { id: name, x: evaluations[against], y: values.map((value) => value ?? NaN), colour: "win", width: 2.5, radius: values.length <= 60 ? 3 : 0, say };
  const target = described.target !== null && name === described.name ? { value: described.target, name: `target ${number(described.target)}` } : null;
  const tools = html`<div class="tools">
    ${names.length > 1 &&
    html`<label>Metric <select value=${name} onChange=${(event) => show(event.target.value)}>${names.map((one) => html`<option key=${one} value=${one}>${plain(one)}</option>`)}</select></label>`}
    <${Switch} label="Against" name="curve" options=${options.map(([key, { word }]) => [key, word[0].toUpperCase() + word.slice(1)])} value=${against} chosen=${choose} />
  </div>`;
  return html`<${Section} id="curve" title="Learning curve" tools=${evaluations.all > 0 && tools}>
    ${evaluations.resource.length === 0 && html`<${Empty}>There is no evaluation to draw${history.trial.state === "running" ? " yet" : ""}.<//>`}
    ${evaluations.resource.length > 0 &&
    html`<${Plot} marks=${[mark]} x=${x} y=${y} height=${340} target=${target} about=${`${plain(name)} against ${AGAINST[against].name}`} />
      ${evaluations.resource.length < evaluations.all && html`<${Note}>${count(evaluations.resource.length)} of ${count(evaluations.all)} evaluations, chosen so that the curve looks the same.<//>`}
      <${AsTable}
        caption="Evaluations"
        columns=${[{ name: plain(unit) }, ...names.map((one) => ({ name: plain(one) })), { name: graded("energy", quality) }, { name: "time" }]}
        rows=${evaluations.resource.map((at, index) => [number(at), ...names.map((one) => metric(evaluations.metrics[one][index])), joules(evaluations.joules[index]), duration(evaluations.seconds[index])])}
      />`}
  <//>`;
}

function Log({ log, noLog, path }) {
  const box = useRef(null);
  const atEnd = useRef(true);
  useEffect(() => {
    if (box.current && atEnd.current) box.current.scrollTop = box.current.scrollHeight;
  }, [log]);
  const scrolled = () => {
    atEnd.current = box.current.scrollHeight - box.current.scrollTop - box.current.clientHeight < 24;
  };
  return html`<${Section} id="log" title="Log" tools=${log !== undefined && html`<a href=${path} data-plain>as text</a>`}>
    ${noLog && html`<${Empty}>${plain(noLog.message)}<//>`}
    ${log === undefined && !noLog && html`<${Empty}>Reading …<//>`}
    ${log !== undefined && (log === "" ? html`<${Empty}>The program has printed nothing.<//>` : html`<pre class="log" tabindex="0" aria-label="What the program printed, to its end" ref=${box} onScroll=${scrolled}>${plain(log)}</pre>`)}
  <//>`;
}

export function TrialView({ study, trial }) {
  const { history, log, noLog, error } = useTrial(study, trial);
  useTitle(`trial ${trial} of ${study}`);
  if (!history) return html`<header class="top"><h1>Trial ${trial}</h1></header><${Trouble} error=${error} />${!error && html`<${Empty}>Reading the trial …<//>`}`;
  const { trial: one, unit, metric: described, neighbours } = history;
  const differ = new Set(history.stretches.map((part) => part.settings)).size > 1;
  const facts = [
    [described.name, metric(one.metric)],
    ["trained for", resource(one.resource, unit)],
    ["energy", `${joulesWithError(one.joules, one.joules_error)}${one.quality ? `, ${one.quality}` : ""}`],
    ["ran for", duration(one.seconds)],
    ["rung", one.rung],
    ["evaluations", count(one.evaluations)],
    ...(one.devices ? [["devices", one.devices.map((device) => device.name).join(", ") || "none"]] : []),
    ...(one.carbon_grams !== null ? [["carbon", `${number(one.carbon_grams)} gCO2e`]] : []),
    ...(one.cost ? [["cost", `${number(one.cost.amount)} ${one.cost.currency}`]] : []),
    ...(one.hardware.length > 0 ? [["hardware", one.hardware.join(", then ")]] : []),
  ];
  return html`
    <header class="top">
      <h1>Trial ${trial} <span class="of">of <a href=${studyPath(study)}><${Name}>${study}<//></a></span></h1>
      ${history.winner && html`<span class="state done">winner</span>`} <${State} state=${stateName(one.state)} />
      <span class="neighbours">
        ${neighbours.before !== null && html`<a href=${trialPath(study, neighbours.before)} rel="prev">← trial ${neighbours.before}</a>`}
        ${neighbours.after !== null && html`<a href=${trialPath(study, neighbours.after)} rel="next">trial ${neighbours.after} →</a>`}
      </span>
      ${one.reason && html`<p class="lead">${plain(one.reason)}</p>`}
      ${one.note && html`<p class="aside">${plain(one.note)}</p>`}
      ${one.wish === "stop" && !one.reason && html`<p class="aside">A user has stopped it: it ends when its turn comes.</p>`}
      <${TrialControl} study=${study} trial=${one} state=${history.study_state} />
    </header>
    <${Trouble} error=${error} />
    <div class="pair">
      <${Section} id="settings" title="Settings">
        <dl class="setting">${Object.entries(one.params).map(([name, value]) => html`<div key=${name}><dt><${Name}>${name}<//></dt><dd title=${plain(value)}>${setting(value)}</dd></div>`)}</dl>
        <p class="say">As it was trained: <bdi>${plain(history.settings)}</bdi></p>
        <${Command} line=${history.command_line} />
      <//>
      <${Section} id="became" title="What it came to">
        <dl class="facts">${facts.map(([name, value]) => html`<div key=${name} class=${name === "hardware" ? "wide" : ""}><dt><${Name}>${name}<//></dt><dd>${plain(value)}</dd></div>`)}</dl>
        <${Checkpoints} history=${history} />
      <//>
    </div>
    <${Curve} history=${history} />
    <div class="pair">
      <${Section} id="stretches" title="Stretches of training">
        ${history.stretches.length === 0 && html`<${Empty}>It was never trained.<//>`}
        ${history.stretches.length > 0 &&
        html`<div class="scroll" tabindex="0" role="region" aria-label="Stretches of training"><table class="stretches">
          <thead><tr><th scope="col" class="n">rung</th><th scope="col" class="n">to</th><th scope="col" class="n">energy</th><th scope="col">ended</th>${differ && html`<th scope="col">settings</th>`}</tr></thead>
          <tbody>
            ${history.stretches.map((part, at) => html`<tr key=${at}><td class="n" data-name="rung">${part.rung}</td><td class="n" data-name="to">${resource(part.until, unit)}</td><td class="n" data-name="energy">${graded(joulesWithError(part.joules, part.joules_error), one.quality)}</td><td data-name="ended">${part.outcome === null ? "goes on" : plain(part.outcome)}</td>${differ && html`<td class="reason"><bdi>${plain(part.settings)}</bdi></td>`}</tr>`)}
          </tbody>
        </table></div>`}
      <//>
      <${Section} id="energy" title="Energy">
        <p class="say">${plain(history.provenance)}</p>
        <${Domains} domains=${history.domains} what="energy" />
      <//>
    </div>
    <${Log} log=${log} noLog=${noLog} path=${`${apiPath(study)}/trials/${trial}/log`} />
  `;
}
