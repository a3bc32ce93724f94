import assert from "node:assert/strict";
import { test } from "node:test";
import { amountAxis, linearTicks, logTicks, metricAxis, tickText } from "../src/ticks.js";

test("ticks are round and inside", () => {
  assert.deepEqual(linearTicks(0, 10, 5), [0, 2, 4, 6, 8, 10]);
  assert.deepEqual(logTicks(1, 1000, 4), [1, 10, 100, 1000]);
  assert.deepEqual(logTicks(1, 12, 5), [1, 2, 5, 10]);
  for (const tick of logTicks(3e-4, 7e8, 6)) assert.ok(tick >= 3e-4 && tick <= 7e8);
  assert.ok(logTicks(1e-300, 1e300, 6).length <= 8);
});

test("an axis of amounts is logarithmic where they are far apart, and above zero", () => {
  assert.equal(amountAxis([1, 2, 10]).log, false);
  assert.equal(amountAxis([1, 100]).log, true);
  assert.equal(amountAxis([0, 100]).log, false);
  assert.equal(amountAxis([1, 100], false).log, false);
  assert.ok(amountAxis([]).empty);
  assert.equal(amountAxis([0]).high, 1);
});

test("outliers of a metric do not squeeze the rest", () => {
  const values = [...Array(100).keys()].map((at) => at / 100);
  const axis = metricAxis([...values, 1e12]);
  assert.ok(axis.high < 10);
  assert.equal(axis.outside, 1);
  assert.equal(metricAxis(values).outside, 0);
});

test("any finite metric has an axis", () => {
  for (const values of [[1], [0], [-1e308, 1e308], [5, 5, 5], []]) {
    const { low, high } = metricAxis(values);
    assert.ok(Number.isFinite(low) && Number.isFinite(high) && low < high, String(values));
  }
});

test("ticks are told apart in few digits", () => {
  const all = linearTicks(0.9, 0.92, 4);
  assert.equal(new Set(all.map((tick) => tickText(tick, all))).size, all.length);
  assert.equal(tickText(0, [0, 1]), "0");
  assert.equal(tickText(1e9, [1e9]), "1e9");
});
