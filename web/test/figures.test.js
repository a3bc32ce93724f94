import assert from "node:assert/strict";
import { test } from "node:test";
import { count, date, duration, joules, joulesWithError, metric, number, plural, resource, setting, share, watts } from "../src/figures.js";

test("energy has three digits and a unit", () => {
  for (const [value, text] of [[0, "0 J"], [0.0358, "35.8 mJ"], [12.44, "12.4 J"], [999.4, "999 J"], [999.6, "1.00 kJ"], [3210, "3.21 kJ"], [1.2e6, "1.20 MJ"], [5e-6, "0.00500 mJ"]])
    assert.equal(joules(value), text);
  assert.equal(watts(1234), "1.23 kW");
});

test("what is not known says so, and is not zero", () => {
  for (const value of [null, undefined, NaN, Infinity]) assert.equal(joules(value), "unknown");
  assert.equal(joulesWithError(null, null), "unknown");
  assert.equal(metric(null), "none");
  assert.equal(duration(null), "–");
  assert.equal(share(null), "unknown");
});

test("the error is in the unit of its figure", () => {
  assert.equal(joulesWithError(5330, 270), "5.33 kJ ± 0.27");
  assert.equal(joulesWithError(428, 215), "428 J ± 215");
  assert.equal(joulesWithError(0, 0), "0 J");
  assert.equal(joulesWithError(12, null), "12.0 J");
});

test("numbers have four digits, whatever their size", () => {
  for (const [value, text] of [[0, "0"], [-0, "0"], [0.90123, "0.9012"], [123456, "123456"], [1.5e6, "1.5e6"], [1e-6, "1e-6"], [1.2344e-7, "1.234e-7"], [-2.5, "-2.5"], [100, "100"]])
    assert.equal(number(value), text);
});

test("settings are as they were given", () => {
  assert.equal(setting(512), "512");
  assert.equal(setting(0.0237137), "0.02371");
  assert.equal(setting("a\u202eb"), "a\\u202eb");
  assert.equal(setting(true), "true");
  assert.equal(setting(null), "–");
});

test("times, amounts and dates", () => {
  assert.equal(duration(0.42), "0.420 s");
  assert.equal(duration(245), "4 min 05 s");
  assert.equal(duration(2 * 3600 + 180), "2 h 03 min");
  assert.equal(duration(3 * 86400 + 3600), "3 d 1 h");
  assert.equal(resource(1, "epoch"), "1 epoch");
  assert.equal(resource(20, "epoch"), "20 epochs");
  assert.equal(date(1772374000), "2026-03-01 14:06 UTC");
  assert.equal(date(0), "unknown");
  assert.equal(count(1234567), "1,234,567");
  assert.equal(plural(1, "trial"), "1 trial");
  assert.equal(share(0.001), "under 1 %");
});
