import assert from "node:assert/strict";
import { test } from "node:test";
import { argumentsOf } from "../src/pieces.js";
import { plain, shortened } from "../src/text.js";

test("what would hide or turn text is written out", () => {
  assert.equal(plain("\u001b[31m"), "\\x1b[31m");
  assert.equal(plain("a\u202eb\u2066"), "a\\u202eb\\u2066");
  assert.equal(plain("a\nb\tc"), "a\nb\tc");
  assert.equal(plain("שלום <script>"), "שלום <script>");
});

test("long text is cut between characters", () => {
  assert.equal(shortened("😀😀😀", 2), "😀…");
  assert.equal(shortened("short", 9), "short");
});

test("a command line is broken between its arguments", () => {
  const line = "./train --a='two words' 'it'\\''s' --b=1";
  assert.deepEqual(argumentsOf(line), ["./train", "--a='two words'", "'it'\\''s'", "--b=1"]);
  assert.equal(argumentsOf(line).join(" "), line);
});
