import assert from "node:assert/strict";
import { test } from "node:test";
import { moved } from "../src/keys.js";

const lines = [[1, 2, 3], [2.9, 10]];

test("keys go along a line to its ends, and no further", () => {
  assert.deepEqual(moved(lines, [0, 1], "ArrowRight"), [0, 2]);
  assert.deepEqual(moved(lines, [0, 2], "ArrowRight"), [0, 2]);
  assert.deepEqual(moved(lines, [0, 1], "ArrowLeft"), [0, 0]);
  assert.deepEqual(moved(lines, [0, 1], "Home"), [0, 0]);
  assert.deepEqual(moved(lines, [1, 0], "End"), [1, 1]);
});

test("up and down go to another line where it is nearest", () => {
  assert.deepEqual(moved(lines, [0, 2], "ArrowDown"), [1, 0]);
  assert.deepEqual(moved(lines, [1, 1], "ArrowUp"), [0, 2]);
  assert.deepEqual(moved(lines, [0, 1], "ArrowUp"), [0, 1]);
});

test("along one line alone up and down go too", () => {
  assert.deepEqual(moved([[1, 2]], [0, 0], "ArrowDown"), [0, 1]);
});

test("the first key is where one begins; other keys move nothing", () => {
  assert.deepEqual(moved(lines, null, "ArrowLeft", [0, 2]), [0, 2]);
  assert.equal(moved(lines, [0, 0], "Tab", [0, 2]), null);
  assert.equal(moved([], null, "ArrowLeft", [0, 0]), null);
});
