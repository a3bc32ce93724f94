// The hardware that trials ran on: a figure in joules holds for it.
import { count } from "./figures.js";
import { html } from "./html.js";
import { plain } from "./text.js";

// "0 to 3, 5", and that there are more.
export function rangesText({ trials, ranges }) {
  const named = ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
  const texts = ranges.map(([first, last]) => (first === last ? count(first) : `${count(first)} to ${count(last)}`));
  return texts.join(", ") + (named < trials ? ` and ${count(trials - named)} more` : "");
}

// Of a study whose trials ran on several kinds; one alone is among the facts.
export function Hardware({ kinds }) {
  if (kinds.length < 2) return null;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Trials by hardware"><table class="hardware">
      <thead><tr><th scope="col">hardware</th><th scope="col" class="n">trials</th><th scope="col">which</th></tr></thead>
      <tbody>${kinds.map((one) => html`<tr key=${one.kind}><th scope="row"><bdi>${plain(one.kind)}</bdi></th><td class="n" data-name="trials">${count(one.trials)}</td><td class="reason" data-name="which">${rangesText(one)}</td></tr>`)}</tbody>
    </table></div>
    <p class="note">Energy is compared as on ${plain(kinds[0].kind)}: the same training takes other joules elsewhere. A trial that moved is with each.</p>`;
}
