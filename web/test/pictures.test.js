import assert from "node:assert/strict";
import { test } from "node:test";
import { courseMarks, curveMarks, energyAxis, frontLine, frontMarks, hasAgainst, lookOf } from "../src/chart_data.js";
import { axesOf, kept } from "../src/parallel_axes.js";

const described = { name: "accuracy", goal: "maximize" };
const curve = (trial, state, metric) => ({ trial, state, evaluations: metric.length, resource: metric.map((_, at) => at + 1), joules: metric.map((_, at) => 10 * (at + 1)), seconds: metric.map(() => 1), samples: metric.map(() => null), metric });

test("the best curve is drawn last, thick and blue, ends say what became of a trial", () => {
  const marks = curveMarks({ unit: "epoch", curves: [curve(3, "finished", [0.1, 0.9]), curve(1, "stopped", [0.2])] }, "joules", 3, "accuracy", "modelled");
  assert.deepEqual(marks.map((mark) => mark.id), [1, 3]);
  assert.equal(marks[1].colour, "win");
  assert.equal(marks[0].end, "cross");
  assert.equal(marks[1].say(1), "trial 3: accuracy 0.9 at 2 epochs, 20.0 J, modelled");
});

test("what is not known against an axis is left out", () => {
  const curves = { unit: "epoch", curves: [{ ...curve(0, "finished", [0.1, 0.2]), joules: [null, 5] }] };
  assert.deepEqual(curveMarks(curves, "joules", 0, "accuracy")[0].y, [0.2]);
  assert.equal(hasAgainst(curves, "samples"), false);
});

test("of many curves the first few have a colour", () => {
  assert.equal(lookOf(3, 9, 1, "running", 100).colour === "grey", false);
  assert.equal(lookOf(50, 9, 1, "running", 100).colour, "grey");
});

test("the best so far goes on to now", () => {
  const course = { best: { joules: [10, 30], seconds: [1, 3], metric: [0.5, 0.8], trial: [0, 2] }, spent: { joules: [0, 50], seconds: [0, 5] } };
  const said = [];
  const mark = courseMarks(course, "joules", {}, (at) => said.push(at));
  assert.deepEqual(mark.x, [10, 30, 50]);
  assert.deepEqual(mark.y, [0.5, 0.8, 0.8]);
  mark.say(2);
  assert.deepEqual(said, [1]);
});

test("every trial that can be placed is in one mark of metric and energy", () => {
  const rows = [
    { trial: 0, state: "finished", metric: 0.9, joules: 10 },
    { trial: 1, state: "finished", metric: 0.8, joules: 5 },
    { trial: 2, state: "stopped", metric: 0.1, joules: 1 },
    { trial: 3, state: "failed", metric: null, joules: 1 },
    { trial: 4, state: "running", metric: 0.2, joules: null },
  ];
  const marks = frontMarks(rows, [0, 1], 0, described);
  const placed = Object.fromEntries(marks.map((mark) => [mark.kind, mark.ids]));
  assert.deepEqual(placed, { failed: [], dropped: [2], other: [], front: [1], best: [0] });
  assert.deepEqual(frontLine(rows, [0, 1]).x, [5, 10]);
});

test("an axis of energy says its unit and where it comes from", () => {
  const axis = energyAxis([100, 2500], "energy of the trial", "measured");
  assert.equal(axis.label, "energy of the trial (kJ), measured");
  assert.equal(axis.format(2000, [0, 1000, 2000]), "2");
});

test("parallel axes: numbers on their scale, choices evenly, trials without a parameter left out", () => {
  const parameters = [{ name: "rate", domain: { kind: "number", low: 0.01, high: 1, log: true } }, { name: "kind", domain: { kind: "choice", values: ["a", "b", "c"] } }];
  const rows = [
    { trial: 0, metric: 0, joules: 1, params: { rate: 0.1, kind: "b" } },
    { trial: 1, metric: 1, joules: 2, params: { rate: 1, kind: "c" } },
    { trial: 2, metric: null, joules: null, params: { rate: null, kind: "a" } },
  ];
  const axes = axesOf(parameters, rows, described, "measured");
  assert.deepEqual(axes.map((axis) => axis.name), ["rate", "kind", "energy, measured", "accuracy"]);
  assert.ok(Math.abs(axes[0].at[0] - 0.5) < 1e-9);
  assert.deepEqual(axes[1].at, [0.5, 1, 0]);
  assert.equal(axes[0].at[2], null);
  assert.deepEqual(kept(axes, [[0.4, 0.6]], 3), [true, false, false]);
  assert.deepEqual(kept(axes, [], 3), [true, true, true]);
});
