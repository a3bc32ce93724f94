// The best metric so far against what the whole study had taken by then.
import { courseMarks, energyAxis, graded, metricLabel, timeAxis } from "./chart_data.js";
import { duration, joules, metric, number } from "./figures.js";
import { html } from "./html.js";
import { AsTable, Empty, Section, Switch, useQuery } from "./pieces.js";
import { Plot } from "./plot.js";
import { plain } from "./text.js";
import { metricAxis } from "./ticks.js";

export function BestSoFar({ overview }) {
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
    ${mark.x.length === 0 && html`<${Empty}>No trial has reported ${plain(described.name)}${study.state === "running" ? " yet" : ""}.<//>`}
    ${mark.x.length > 0 &&
    html`<${Plot} marks=${[mark]} x=${x} y=${y} height=${350} target=${target} about=${`The best ${plain(described.name)} so far against the ${against === "joules" ? "energy" : "time"} that the study had taken`} />
      <${AsTable}
        caption="The best so far"
        columns=${[{ name: "trial" }, { name: plain(described.name) }, { name: graded("energy by then", study.quality) }, { name: "time by then" }]}
        rows=${course.best.trial.map((trial, at) => [trial, metric(course.best.metric[at]), joules(course.best.joules[at]), duration(course.best.seconds[at])])}
      />`}
  <//>`;
}
