// Pausing, resuming and stopping a study, or one of its trials: asked of the server, which leaves it for the study's tuner.
import { useEffect, useState } from "preact/hooks";
import { post } from "./api.js";
import { html } from "./html.js";
import { Trouble } from "./pieces.js";
import { apiPath } from "./route.js";

const TOLD = { pause: "Asked; it is paused as soon as it is saved.", resume: "Asked; it goes on.", stop: "Asked; it ends as soon as its program does." };
const AGAIN = 10_000; // ms until it may be asked again where nothing has come of it
const WORDS = { pause: "Pause", resume: "Resume", stop: "Stop" };

// Whether this server lets those who see this page do so.
export const mayControl = () => document.querySelector('meta[name="sm2-controls"]')?.content === "yes";

// What can be asked of a study in that state.
export const wishesOfStudy = (state) => ({ running: ["pause", "stop"], paused: ["resume", "stop"] })[state] ?? [];

// What can be asked of a trial, of a study in that state.
export function wishesOfTrial(trial, state) {
  if (state !== "running" || !["running", "interrupted", "paused"].includes(trial.state)) return [];
  if (trial.wish === "stop") return [];
  return trial.wish === "pause" ? ["resume", "stop"] : ["pause", "stop"];
}

// `about`: what is controlled, for the question before it is stopped: "Stop trial 3?"; `stopping`: what that means.
function Control({ path, wishes, about, stopping }) {
  const [asking, ask] = useState(false); // whether it is meant
  const [told, tell] = useState("");
  const [error, fail] = useState(null);
  const [busy, work] = useState(false); // until something has come of what was asked
  const afresh = () => {
    ask(false);
    tell("");
    work(false);
  };
  useEffect(() => {
    const later = busy && setTimeout(afresh, AGAIN);
    return () => later && clearTimeout(later);
  }, [busy]);
  if (!mayControl() || wishes.length === 0) return null;
  const send = async (wish) => {
    ask(false);
    fail(null);
    work(true);
    try {
      await post(`${path}/${wish}`);
      tell(TOLD[wish]);
    } catch (trouble) {
      fail(trouble);
      work(false);
    }
  };
  const press = (wish) => (wish === "stop" ? ask(true) : send(wish));
  return html`<div class="control" role="group" aria-label=${`Control of ${about}`}>
    ${!asking && wishes.map((wish) => html`<button key=${wish} type="button" class=${wish} disabled=${busy} onClick=${() => press(wish)}>${WORDS[wish]}</button>`)}
    ${asking &&
    html`<span class="question">Stop ${about}? ${stopping}</span>
      <button type="button" class="stop" ref=${(button) => button?.focus()} onClick=${() => send("stop")}>Stop it</button>
      <button type="button" onClick=${() => ask(false)}>Cancel</button>`}
    <span class="told" role="status">${told}</span>
    <${Trouble} error=${error} />
  </div>`;
}

// What can be asked is another control's once something has come of what was asked: nothing of before stays.
const controlOf = (path, wishes, about, stopping) =>
  html`<${Control} key=${`${path} ${wishes.join()}`} path=${path} wishes=${wishes} about=${about} stopping=${stopping} />`;

export const StudyControl = ({ study, state }) =>
  controlOf(apiPath(study), wishesOfStudy(state), "this study", "Its trials are saved, and sm2 tune goes on with it.");

export const TrialControl = ({ study, trial, state }) =>
  controlOf(`${apiPath(study)}/trials/${trial.trial}`, wishesOfTrial(trial, state), `trial ${trial.trial}`, "It is never trained again.");
