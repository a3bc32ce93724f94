import assert from "node:assert/strict";
import { test } from "node:test";
import { byMetric, patched, rowsOf } from "../src/columns.js";
import { byOrder } from "../src/sorting.js";

const columns = {
  events: 9, all: 2, trial: [0, 2], state: { names: ["stopped", "running"], of: [0, 1] }, metric: [0.5, null], joules: [10, null], joules_error: [1, null],
  quality: { names: ["modelled"], of: [0, null] }, rung: [0, 0], resource: [1, null], seconds: [2, null], reason: ["worse", ""], params: { a: [1, 2], b: ["x", null] },
};

test("columns become rows", () => {
  const rows = rowsOf(columns);
  assert.equal(rows[0].state, "stopped");
  assert.deepEqual(rows[0].params, { a: 1, b: "x" });
  assert.equal(rows[1].quality, null);
  assert.equal(rows[1].metric, null);
});

test("a message of the stream changes and adds trials", () => {
  const message = (trial, metric) => ({ trial, state: "finished", metric, joules: 1, joules_error: 0, quality: "measured", rung: 0, resource: 1, seconds: 1, reason: "", note: "", evaluations: 3, params: { a: true } });
  const rows = patched(rowsOf(columns), [message(2, 0.9), message(1, 0.1)]);
  assert.deepEqual(rows.map((row) => row.trial), [0, 1, 2]);
  assert.equal(rows[2].metric, 0.9);
  assert.equal(rows[1].params.a, "true");
  assert.equal(patched(rows, []), rows);
});

test("the best come first, those without a metric last", () => {
  const rows = [{ trial: 0, metric: 1 }, { trial: 1, metric: null }, { trial: 2, metric: 3 }];
  assert.deepEqual(rows.slice().sort(byMetric("maximize")).map((row) => row.trial), [2, 0, 1]);
  assert.deepEqual(rows.slice().sort(byMetric("minimize")).map((row) => row.trial), [0, 2, 1]);
});

test("any column sorts, either way, the unknown last", () => {
  const rows = [{ v: 2 }, { v: null }, { v: 10 }];
  const order = (text) => rows.slice().sort(byOrder(text, (row, key) => row[key])).map((row) => row.v);
  assert.deepEqual(order("v"), [2, 10, null]);
  assert.deepEqual(order("-v"), [10, 2, null]);
  const names = [{ v: "s10" }, { v: "s9" }];
  assert.deepEqual(names.sort(byOrder("v", (row, key) => row[key])).map((row) => row.v), ["s9", "s10"]);
});
