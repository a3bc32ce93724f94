// All studies of the store, the latest first.
import { useEffect, useMemo, useState } from "preact/hooks";
import { get } from "./api.js";
import { byOrder, SortHead } from "./sorting.js";
import { count, date, metric } from "./figures.js";
import { html } from "./html.js";
import { Empty, Energy, Name, State, Trouble, useQuery, useTitle } from "./pieces.js";
import { comparePath, isName, MOST_COMPARED, studyPath } from "./route.js";
import { plain } from "./text.js";

const PATH = "/api/v1/studies";
const WHILE_RUNNING = 2000;
const OTHERWISE = 10000; // ms between looks
const PAGE = 200; // rows

// The list, looked at again and again while somebody sees it.
function useList() {
  const [known, set] = useState({});
  useEffect(() => {
    let timer = null;
    let ended = false;
    const look = async () => {
      clearTimeout(timer);
      let running = false;
      if (!document.hidden) {
        try {
          const list = await get(PATH);
          running = list.studies.some((study) => study.state === "running");
          set({ list });
        } catch (error) {
          set((before) => ({ ...before, error }));
        }
      }
      if (!ended) timer = setTimeout(look, running ? WHILE_RUNNING : OTHERWISE);
    };
    look();
    document.addEventListener("visibilitychange", look);
    return () => {
      ended = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, []);
  return known;
}

const COLUMNS = [
  { key: "study", name: "Study" },
  { key: "state", name: "State" },
  { key: "trials", name: "Trials", number: true },
  { key: "joules", name: "Energy", number: true },
  { key: "metric", name: "Best so far", number: true },
  { key: "created", name: "Begun", number: true },
];

function Row({ study, chosen, choose, full }) {
  const page = isName(study.study);
  return html`<tr>
    <td class="choose">
      ${page &&
      html`<input type="checkbox" checked=${chosen} disabled=${full && !chosen} onChange=${() => choose(study.study)} aria-label=${`Compare ${plain(study.study)}`} />`}
    </td>
    <th scope="row">${page ? html`<a href=${studyPath(study.study)}><${Name}>${study.study}<//></a>` : html`<${Name}>${study.study}<//>`}</th>
    <td><${State} state=${study.state} /></td>
    <td class="n" data-name="trials">${count(study.trials)}</td>
    <td class="n" data-name="energy"><${Energy} joules=${study.joules} error=${study.joules_error} quality=${study.quality} /></td>
    <td class="n" data-name="best">${study.best === null ? "–" : html`<span class="soft"><${Name}>${study.metric_name}<//></span> ${metric(study.metric)}`}</td>
    <td class="n" data-name="begun">${date(study.created)}</td>
  </tr>`;
}

export function StudiesView({ store }) {
  const { list, error } = useList();
  const [words, search] = useQuery("find", "");
  const [sort, setSort] = useQuery("sort", "-created");
  const [chosen, setChosen] = useState([]);
  const [shown, show] = useState(PAGE);
  useTitle("Studies");
  const rows = useMemo(() => {
    const all = (list?.studies ?? []).filter((study) => plain(study.study).toLowerCase().includes(words.toLowerCase()));
    return all.sort(byOrder(sort, (study, key) => study[key]));
  }, [list, words, sort]);
  const choose = (name) => setChosen((before) => (before.includes(name) ? before.filter((one) => one !== name) : [...before, name]));
  const full = chosen.length >= MOST_COMPARED;
  const running = (list?.studies ?? []).filter((study) => study.state === "running").length;

  return html`
    <header class="top">
      <h1>Studies</h1>
      <p class="aside">
        ${list && html`${count(list.studies.length)} in `}<span class="soft">${plain(store)}</span>${running > 0 && html`, ${running} running`}
      </p>
    </header>
    <${Trouble} error=${error} />
    <section class="card" aria-label="Studies">
      ${!list && !error && html`<${Empty}>Reading the store …<//>`}
      ${list && list.studies.length === 0 && html`<${Empty}>There is no study yet; <code>sm2 tune STUDY.toml</code> begins one.<//>`}
      ${list &&
      list.studies.length > 0 &&
      html`
        <div class="tools">
          <input type="search" placeholder="Find a study" aria-label="Find a study by its name" value=${words} onInput=${(event) => search(event.target.value)} />
          ${chosen.length >= 2
            ? html`<a class="button" href=${comparePath(chosen)}>Compare ${chosen.length} studies</a>`
            : html`<span class="soft">Choose two or more to compare them.</span>`}
        </div>
        <div class="scroll">
          <table class="studies">
            <thead><tr><th scope="col" class="choose"><span class="hidden">Compare</span></th><${SortHead} columns=${COLUMNS} sort=${sort} change=${setSort} /></tr></thead>
            <tbody>
              ${rows.slice(0, shown).map((study) => html`<${Row} key=${study.study} study=${study} chosen=${chosen.includes(study.study)} choose=${choose} full=${full} />`)}
            </tbody>
          </table>
        </div>
        ${rows.length === 0 && html`<${Empty}>No study has a name like that.<//>`}
        ${rows.length > shown &&
        html`<p class="more"><button type="button" onClick=${() => show(shown + PAGE)}>Show more: ${count(rows.length - shown)} are left</button></p>`}
      `}
      ${(list?.unreadable ?? []).map((one) => html`<p class="trouble"><${Name}>${one.study}<//> cannot be read: ${plain(one.problem)}</p>`)}
    </section>
  `;
}
