import assert from "node:assert/strict";
import { test } from "node:test";
import { apiPath, comparePath, isName, MOST_COMPARED, parse, studyPath, trialPath } from "../src/route.js";

test("an address says what is shown", () => {
  assert.equal(parse("/", "").view, "studies");
  assert.deepEqual([parse("/studies/a.b", "").view, parse("/studies/a.b", "").study], ["study", "a.b"]);
  const trial = parse("/studies/a/trials/7", "?curve=seconds");
  assert.deepEqual([trial.view, trial.study, trial.trial, trial.query.get("curve")], ["trial", "a", 7, "seconds"]);
  assert.deepEqual(parse("/compare", "?studies=a,b,a").studies, ["a", "b"]);
  assert.deepEqual(parse("/compare", "").studies, []);
});

test("addresses lead back to what they are of", () => {
  for (const name of ["a", "A-b_c.d", "x".repeat(100)]) {
    assert.equal(parse(studyPath(name), "").study, name);
    assert.equal(parse(trialPath(name, 3), "").trial, 3);
    const [path, query] = comparePath([name, "other"]).split("?");
    assert.deepEqual(parse(path, `?${query}`).studies, [name, "other"]);
  }
  assert.equal(apiPath("a/../b"), "/api/v1/studies/a%2F..%2Fb");
});

test("no more studies than can be told apart", () => {
  const many = [...Array(20).keys()].join(",");
  assert.equal(parse("/compare", `?studies=${many}`).studies.length, MOST_COMPARED);
});

test("only good names have a page", () => {
  for (const name of ["", ".", "..", ".a", "a/b", "<b>", "a b", "x".repeat(101), "javascript:x"]) assert.ok(!isName(name), name);
  for (const name of ["a", "cnn-1", "A_b.c"]) assert.ok(isName(name), name);
});
