import assert from "node:assert/strict";
import { test } from "node:test";
import { rangesText } from "../src/hardware.js";

test("which trials ran on a kind is said in runs, and how many are not named", () => {
  assert.equal(rangesText({ trials: 5, ranges: [[0, 3], [7, 7]] }), "0 to 3, 7");
  assert.equal(rangesText({ trials: 9, ranges: [[0, 3], [7, 7]] }), "0 to 3, 7 and 4 more");
});
