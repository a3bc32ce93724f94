// The page of sm2 serve: what it shows is in its address.
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import "uplot/dist/uPlot.min.css";
import "./style.css";
import { ahead, forget } from "./api.js";
import { CompareView } from "./compare_view.js";
import { mayControl } from "./control.js";
import { onLink } from "./go.js";
import { html } from "./html.js";
import { Name } from "./pieces.js";
import { apiPath, parse, studyPath } from "./route.js";
import { StudiesView } from "./studies_view.js";
import { StudyView } from "./study_view.js";
import { TrialView } from "./trial_view.js";

const named = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? "";
const here = () => parse(location.pathname, location.search);

function Bar({ route }) {
  const plainPath = route.study ? `${studyPath(route.study)}/report` : "/report";
  return html`<nav class="masthead" aria-label="Main">
    <a class="brand" href="/" aria-current=${route.view === "studies" ? "page" : undefined}>SM2</a>
    ${route.view !== "studies" && html`<span class="way"><a href="/">All studies</a>${route.view === "trial" && html` / <a href=${studyPath(route.study)}><${Name}>${route.study}<//></a>`}</span>`}
    <span class="links"><a href=${plainPath} data-plain>${route.study ? "report" : "without scripts"}</a><a href="/api/v1/openapi.json" data-plain>API</a></span>
  </nav>`;
}

function View({ route }) {
  if (route.view === "study") return html`<${StudyView} key=${route.study} study=${route.study} />`;
  if (route.view === "trial") return html`<${TrialView} key=${`${route.study} ${route.trial}`} study=${route.study} trial=${route.trial} />`;
  if (route.view === "compare") return html`<${CompareView} studies=${route.studies} />`;
  return html`<${StudiesView} store=${named("sm2-store")} />`;
}

function Page() {
  const [route, follow] = useState(here);
  useEffect(() => {
    const moved = () => {
      forget();
      follow(here());
    };
    addEventListener("popstate", moved);
    return () => removeEventListener("popstate", moved);
  }, []);
  return html`<div onClick=${onLink}>
    <a class="skip" href="#main">To the content</a>
    <${Bar} route=${route} />
    <main id="main" tabindex="-1"><${View} route=${route} /></main>
    <footer>sm2 ${named("sm2-version")}${mayControl() ? "" : " · reads only"}</footer>
  </div>`;
}

const { view, study } = here();
if (view === "studies") ahead("/api/v1/studies");
if (view === "study") ahead(...["overview", "columns", "curves"].map((part) => `${apiPath(study)}/${part}`));
render(html`<${Page} />`, document.getElementById("page"));
