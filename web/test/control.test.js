import assert from "node:assert/strict";
import { test } from "node:test";
import { wishesOfStudy, wishesOfTrial } from "../src/control.js";

test("what can be asked of a study", () => {
  assert.deepEqual(wishesOfStudy("running"), ["pause", "stop"]);
  assert.deepEqual(wishesOfStudy("paused"), ["resume", "stop"]);
  for (const state of ["finished", "interrupted", "budget"]) assert.deepEqual(wishesOfStudy(state), []);
});

test("what can be asked of a trial", () => {
  assert.deepEqual(wishesOfTrial({ state: "running", wish: null }, "running"), ["pause", "stop"]);
  assert.deepEqual(wishesOfTrial({ state: "paused", wish: "pause" }, "running"), ["resume", "stop"]);
  assert.deepEqual(wishesOfTrial({ state: "paused", wish: null }, "running"), ["pause", "stop"]);
  assert.deepEqual(wishesOfTrial({ state: "running", wish: "stop" }, "running"), []);
  assert.deepEqual(wishesOfTrial({ state: "finished", wish: null }, "running"), []);
  assert.deepEqual(wishesOfTrial({ state: "running", wish: null }, "paused"), []);
});
