// The first screen of a study: what is best, what finding it cost, and why the rest was dropped.
import { count, duration, joules, joulesWithError, metric, plural, resource, setting, share, watts } from "./figures.js";
import { html } from "./html.js";
import { stateName } from "./columns.js";
import { Command, Empty, Name } from "./pieces.js";
import { trialPath } from "./route.js";
import { plain } from "./text.js";

const all = (trials) => Object.values(trials).reduce((sum, one) => sum + one, 0);

export function verdict({ study, best, unit }) {
  const trials = all(study.trials);
  if (trials === 0) return "No trial has begun.";
  if (!best) {
    return study.trials.failed === trials ? `No usable trial: all ${count(trials)} failed.` : "No trial has reported a usable metric yet.";
  }
  const reached = html`<${Name}>${study.metric.name}<//> <b>${metric(best.metric)}</b> after ${resource(best.resource, unit)}`;
  if (best.decided) return html`Trial ${best.trial} is the winner: ${reached}.`;
  return html`${study.state === "running" ? "The best so far is" : "Undecided; the best so far is"} trial ${best.trial}: ${reached}.`;
}

export function explanation({ state, reason }) {
  if (state === "running") return "";
  const why = plain(reason);
  if (state === "interrupted") return `Interrupted${why ? ` (${why})` : ""}; sm2 tune with its study file goes on where it stopped.`;
  if (state === "paused") return `Paused${why ? ` ${why}` : ""}; sm2 resume goes on.`;
  if (state === "budget") return `It ended because its budget was spent${why ? `: ${why}` : ""}.`;
  return why;
}

export function BestCard({ overview }) {
  const { best, study, unit } = overview;
  const title = best && !best.decided ? "Best setting so far" : "Best setting";
  return html`<section class="card best" aria-labelledby="best-title">
    <h2 id="best-title">${title}</h2>
    ${!best && html`<${Empty}>None: there is no usable trial.<//>`}
    ${best &&
    html`<dl class="setting">
        ${Object.entries(best.params).map(([name, value]) => html`<div key=${name}><dt><${Name}>${name}<//></dt><dd title=${plain(value)}>${setting(value)}</dd></div>`)}
        <div class="metric"><dt><${Name}>${study.metric.name}<//></dt><dd>${metric(best.metric)}</dd></div>
      </dl>
      <p class="say">
        <a href=${trialPath(study.study, best.trial)}>Trial ${best.trial}</a>, trained for ${resource(best.resource, unit)};${" "}
        energy ${joulesWithError(best.joules, best.joules_error)}${best.quality && `, ${best.quality}`}.
      </p>
      <${Command} line=${best.command_line} />`}
  </section>`;
}

// They add up to the total; with their class for the colour.
export function partsOf({ joules: spent, winner, trials }) {
  const less = (a, b) => (a === null || b === null ? null : Math.max(0, a - b));
  if (winner === null) {
    return [
      { look: "dropped", name: "dropped and failed trials", joules: spent.dropped },
      { look: "other", name: "trials still in", joules: less(spent.total, spent.dropped) },
    ];
  }
  const others = all(trials) - trials.stopped - trials.failed > 1;
  return [
    { look: "winner", name: "training the winner on", joules: spent.training },
    { look: "explored", name: "exploring the winner, training that it kept", joules: less(spent.winner, spent.training) },
    { look: "dropped", name: "dropped and failed trials", joules: spent.dropped },
    ...(others ? [{ look: "other", name: "other trials", joules: less(less(spent.total, spent.winner), spent.dropped) }] : []),
  ];
}

function Split({ study }) {
  const total = study.joules.total;
  const parts = partsOf(study).filter((part) => part.joules !== 0 || part.look === "dropped");
  const shareOf = (part) => (total > 0 && part.joules !== null ? part.joules / total : null);
  return html`
    ${total > 0 &&
    html`<div class="split" aria-hidden="true">
      ${parts.map((part) => shareOf(part) > 0 && html`<i key=${part.look} class=${part.look} style=${{ flexGrow: shareOf(part) }}></i>`)}
    </div>`}
    <ul class="parts">
      ${parts.map(
        (part) => html`<li key=${part.look}><i class=${part.look}></i><span>${part.name}</span><b>${joules(part.joules)}</b><em>${total > 0 && part.joules !== null ? share(shareOf(part)) : ""}</em></li>`,
      )}
    </ul>
  `;
}

// How much of a limit is used, as a bar and in words.
function Limit({ name, used, limit, text }) {
  if (limit === null || limit === undefined) return null;
  const part = used === null ? null : used / limit;
  return html`<div class="limit">
    <span>${name}</span>
    <div class=${`gauge ${part >= 1 ? "full" : ""}`} role="meter" aria-label=${name} aria-valuemin="0" aria-valuemax="100" aria-valuenow=${Math.round(100 * Math.min(1, part ?? 0))}><i style=${{ width: `${100 * Math.min(1, part ?? 0)}%` }}></i></div>
    <span class="soft">${part === null ? "unknown" : share(part)} of ${text(limit)}</span>
  </div>`;
}

function PowerNow({ power }) {
  if (!power) return null;
  const { domains } = power;
  const worst = domains.some((one) => one.quality === "modelled") ? "modelled" : domains[0].quality;
  return html`<div class="power">
    <p class="say">
      ${!power.whole && "at least "}<b>${watts(power.watts)}</b> now, ${worst}: ${plural(power.trials, "running trial")}, over the last ${duration(power.over_seconds)}
    </p>
    ${domains.length > 1 &&
    html`<ul class="domains">
      ${domains.map((one) => html`<li key=${one.domain + one.source}><${Name}>${one.domain}<//> <b>${watts(one.watts)}</b> <span class="soft"><${Name}>${one.source}<//></span></li>`)}
    </ul>`}
  </div>`;
}

export function CostCard({ overview }) {
  const { study, unknown, known_joules: least, note, charges, provenance, power } = overview;
  const trials = all(study.trials);
  const figure = unknown > 0 ? joules(least) : joulesWithError(study.joules.total, study.joules_error.total);
  const [number, error] = figure.split(" ± ");
  const money = study.budget.cost;
  return html`<section class="card cost" aria-labelledby="cost-title">
    <h2 id="cost-title">What finding it cost</h2>
    ${trials === 0 && html`<${Empty}>Nothing was spent yet.<//>`}
    ${trials > 0 &&
    html`<p class="total">
        ${unknown === trials ? "unknown" : html`${unknown > 0 && html`<small>at least </small>`}${number}${error && html`<small> ± ${error}</small>`}`}
      </p>
      ${unknown > 0 && html`<p class="say">The energy of ${count(unknown)} of ${plural(trials, "trial")} is unknown${note && `: ${plain(note)}`}.</p>`}
      <p class="say">${plain(provenance)}; ${duration(study.seconds)} of tuning</p>
      ${[charges.carbon, charges.cost].map((one) => one && html`<p class="say">${plain(one.figure)} (${plain(one.rate)})</p>`)}
      <${PowerNow} power=${power} />
      <${Limit} name="energy budget" used=${study.joules.total} limit=${study.budget.joules} text=${joules} />
      <${Limit} name="time budget" used=${study.seconds} limit=${study.budget.seconds} text=${duration} />
      <${Limit} name="trials" used=${trials} limit=${study.budget.trials} text=${count} />
      <${Limit} name="carbon budget" used=${study.carbon_grams.total} limit=${study.budget.carbon_grams} text=${(grams) => `${count(Math.round(grams))} gCO2e`} />
      <${Limit} name="cost budget" used=${study.cost && money && study.cost.currency === money.currency ? study.cost.amount : null} limit=${money?.amount} text=${(amount) => `${amount} ${plain(money?.currency ?? "")}`} />
      <${Split} study=${study} />`}
  </section>`;
}

function Dropped({ study, trial }) {
  const settings = Object.entries(trial.params).map(([name, value]) => `${plain(name)}=${setting(value)}`).join(" ");
  return html`<li class=${trial.state}>
    <div class="who"><a href=${trialPath(study, trial.trial)}>trial ${trial.trial}</a> <span class="chip">${stateName(trial.state)}</span> <bdi class="soft params">${settings}</bdi></div>
    <p>${trial.reason ? plain(trial.reason) : "no reason was recorded"}</p>
  </li>`;
}

export function DroppedCard({ overview }) {
  const { study, dropped } = overview;
  const { trials } = study;
  const became = [[trials.stopped, "dropped"], [trials.failed, "failed"]].filter(([some]) => some > 0);
  const words = became.map(([some, how], at) => `${count(some)}${at === 0 ? ` of ${plural(all(trials), "trial")}` : ""} ${how}`);
  const left = dropped.all - dropped.trials.length;
  return html`<section class="card why" aria-labelledby="why-title">
    <h2 id="why-title">Why the rest was dropped</h2>
    ${dropped.all === 0 && html`<${Empty}>Nothing was dropped${study.state === "running" ? " yet" : ""}.<//>`}
    ${dropped.all > 0 &&
    html`<p class="say">${words.join(", ")}${left > 0 ? "; the closest contenders:" : "."}</p>
      <ul tabindex="0" aria-label="Dropped trials, the closest contenders first">
        ${dropped.trials.map((trial) => html`<${Dropped} key=${trial.trial} study=${study.study} trial=${trial} />`)}
      </ul>
      ${left > 0 && html`<p class="note">and ${count(left)} more, in the <a href="#trials">table of trials</a></p>`}`}
  </section>`;
}
