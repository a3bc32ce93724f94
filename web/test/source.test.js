import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const FOLDER = new URL("../src/", import.meta.url);
const sources = readdirSync(FOLDER).map((name) => [name, readFileSync(new URL(name, FOLDER), "utf8")]);

test("text from outside never becomes markup or code", () => {
  assert.ok(sources.length > 10);
  for (const [name, text] of sources)
    for (const bad of [/innerHTML/i, /outerHTML/, /insertAdjacentHTML/, /\beval\b/, /new Function/, /document\.write/, /javascript:/, /https?:\/\//])
      assert.doesNotMatch(text, bad, name);
});
