import assert from "node:assert/strict";
import { test } from "node:test";
import { explanation, partsOf } from "../src/answer_cards.js";

const trials = { running: 0, interrupted: 0, paused: 0, finished: 1, stopped: 2, failed: 0 };

test("the parts of the energy add up to all of it", () => {
  const decided = { winner: 3, trials: { ...trials, finished: 3 }, joules: { total: 100, dropped: 40, winner: 30, training: 20 } };
  assert.equal(partsOf(decided).reduce((sum, part) => sum + part.joules, 0), 100);
  const open = { winner: null, trials, joules: { total: 100, dropped: 40, winner: null, training: null } };
  assert.equal(partsOf(open).reduce((sum, part) => sum + part.joules, 0), 100);
});

test("a part that is not known is not zero", () => {
  const unknown = { winner: null, trials, joules: { total: null, dropped: null, winner: null, training: null } };
  for (const part of partsOf(unknown)) assert.equal(part.joules, null);
});

test("how a study ended is said", () => {
  assert.equal(explanation({ state: "running", reason: "" }), "");
  assert.match(explanation({ state: "interrupted", reason: "" }), /sm2 tune/);
  assert.match(explanation({ state: "paused", reason: "by the user" }), /Paused by the user; sm2 resume/);
  assert.match(explanation({ state: "budget", reason: "energy" }), /budget was spent: energy/);
  assert.equal(explanation({ state: "finished", reason: "one\u001b is left" }), "one\\x1b is left");
});
