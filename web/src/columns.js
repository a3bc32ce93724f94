// The trials of a study by column (docs/openapi.json: TrialColumns), as rows that a picture or a table takes.

const word = (column, at) => (column.of[at] === null ? null : column.names[column.of[at]]);

export function rowsOf(columns) {
  const names = Object.keys(columns.params);
  return columns.trial.map((trial, at) => ({
    trial,
    state: word(columns.state, at),
    metric: columns.metric[at],
    joules: columns.joules[at],
    joules_error: columns.joules_error[at],
    quality: word(columns.quality, at),
    rung: columns.rung[at],
    resource: columns.resource[at],
    seconds: columns.seconds[at],
    reason: columns.reason[at],
    params: Object.fromEntries(names.map((name) => [name, columns.params[name][at]])),
  }));
}

const asText = (value) => (typeof value === "boolean" ? String(value) : value);

// The rows with what a message of the stream says of trials, as sm2 trials --json has them.
export function patched(rows, trials) {
  if (trials.length === 0) return rows;
  const byTrial = new Map(rows.map((row, at) => [row.trial, at]));
  const all = rows.slice();
  for (const { evaluations, devices, carbon_grams, cost, note, ...trial } of trials) {
    const row = { ...trial, params: Object.fromEntries(Object.entries(trial.params).map(([name, value]) => [name, asText(value)])) };
    if (byTrial.has(row.trial)) all[byTrial.get(row.trial)] = row;
    else all.push(row);
  }
  return all.sort((a, b) => a.trial - b.trial);
}

// "dropped" is what people call a trial that was stopped.
export const stateName = (state) => (state === "stopped" ? "dropped" : state);

// Better first: "maximize" or "minimize"; those without a metric last.
export function byMetric(goal) {
  const sign = goal === "minimize" ? 1 : -1;
  return (a, b) => {
    if (a.metric === null || b.metric === null) return (a.metric === null) - (b.metric === null) || a.trial - b.trial;
    return sign * (a.metric - b.metric) || a.trial - b.trial;
  };
}
