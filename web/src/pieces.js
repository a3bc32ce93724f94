// Small parts that several views share.
import { useEffect, useRef, useState } from "preact/hooks";
import { html } from "./html.js";
import { joulesWithError, QUALITIES } from "./figures.js";
import { plain } from "./text.js";

// A name from outside: text, in its own direction of writing.
export const Name = ({ children }) => html`<bdi class="name">${plain(children)}</bdi>`;

// An energy, and where it comes from.
export const Energy = ({ joules, error, quality }) => html`
  <span class="energy">${joulesWithError(joules, error)}${quality && html` <abbr class="quality" title=${QUALITIES[quality]}>${quality}</abbr>`}</span>
`;

const DONE = new Set(["finished"]);
export const State = ({ state }) => html`<span class=${`state ${state} ${DONE.has(state) ? "done" : "open"}`}>${state}</span>`;

export const Empty = ({ children }) => html`<p class="empty">${children}</p>`;
export const Note = ({ children }) => html`<p class="note">${children}</p>`;

export function Section({ id, title, say, tools, children }) {
  return html`<section class="card" id=${id} aria-labelledby=${`${id}-title`}>
    <div class="heading">
      <h2 id=${`${id}-title`}>${title}</h2>
      ${tools}
    </div>
    ${say && html`<p class="say">${say}</p>`} ${children}
  </section>`;
}

// One of a few: radio buttons that look like one switch. options: [[value, text], ...]
export function Switch({ label, name, options, value, chosen }) {
  return html`<fieldset class="switch">
    <legend class="hidden">${label}</legend>
    ${options.map(
      ([option, text]) => html`<label key=${option}>
        <input type="radio" name=${name} value=${option} checked=${option === value} onChange=${() => chosen(option)} /><span>${text}</span>
      </label>`,
    )}
  </fieldset>`;
}

// The arguments of a command line, each as it is quoted for a shell.
export function argumentsOf(line) {
  const all = [];
  let quoted = false;
  let argument = "";
  for (let at = 0; at < line.length; ++at) {
    const character = line[at];
    if (character === "\\" && !quoted) argument += character + (line[++at] ?? "");
    else if (character === " " && !quoted) {
      all.push(argument);
      argument = "";
    } else {
      if (character === "'") quoted = !quoted;
      argument += character;
    }
  }
  return [...all, argument];
}

// A command line, broken between arguments: a button copies it, a click into it selects it.
export function Command({ line }) {
  const [said, say] = useState("Copy");
  const text = useRef(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(line);
      say("Copied");
    } catch {
      getSelection().selectAllChildren(text.current); // not every page may write to the clipboard
      say("Selected");
    }
    setTimeout(() => say("Copy"), 2000);
  };
  return html`<div class="command">
    <pre tabindex="0" ref=${text} aria-label="Command line">${argumentsOf(line).map((argument, at) => html`${at > 0 && " "}<span>${plain(argument)}</span>`)}</pre>
    <button type="button" onClick=${copy} aria-live="polite">${said}</button>
  </div>`;
}

// What a picture shows, for those who cannot see it, and for those who want the figures.
export function AsTable({ columns, rows, caption }) {
  const [open, turn] = useState(false);
  return html`<details class="as-table" onToggle=${(event) => turn(event.currentTarget.open)}>
    <summary>As a table</summary>
    ${open &&
    html`<div class="scroll" tabindex="0" role="region" aria-label=${caption}>
      <table>
        <caption class="hidden">${caption}</caption>
        <thead><tr>${columns.map((column) => html`<th scope="col" class=${column.text ? "" : "n"}>${column.name}</th>`)}</tr></thead>
        <tbody>
          ${rows.map((row) => html`<tr>${row.map((cell, at) => html`<td class=${columns[at].text ? "" : "n"}>${cell}</td>`)}</tr>`)}
        </tbody>
      </table>
    </div>`}
  </details>`;
}

// What went wrong, where the rest of the page stays as it is.
export const Trouble = ({ error }) =>
  error && html`<p class="trouble" role="alert">${error.status === 0 ? "The server does not answer; trying again." : plain(error.message)}</p>`;

export function useTitle(title) {
  useEffect(() => {
    document.title = `${plain(title)} – SM2`;
  }, [title]);
}

// A part of the address's query, as state.
export function useQuery(name, usual) {
  const [value, set] = useState(new URLSearchParams(location.search).get(name) ?? usual);
  const change = (next) => {
    set(next);
    const query = new URLSearchParams(location.search);
    if (next === usual) query.delete(name);
    else query.set(name, next);
    const text = query.toString();
    history.replaceState(null, "", location.pathname + (text ? `?${text}` : "") + location.hash);
  };
  return [value, change];
}
