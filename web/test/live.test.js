import assert from "node:assert/strict";
import { test } from "node:test";
import { follow, unhurried } from "../src/live.js";

const later = (time) => new Promise((done) => setTimeout(done, time));

test("work that is wanted often is done one at a time, and once more at the end", async () => {
  let running = 0;
  let done = 0;
  const work = unhurried(async () => {
    assert.equal(++running, 1);
    await later(1);
    --running;
    ++done;
  }, 10);
  for (let i = 0; i < 20; ++i) work();
  while (done < 2) await later(5);
  await later(100);
  assert.equal(done, 2, "what was wanted meanwhile is done once");
  work.end();
});

// A stream whose messages the test sends.
class Stream {
  static CLOSED = 2;
  static opened = [];
  constructor(url) {
    this.url = url;
    this.readyState = 1;
    Stream.opened.push(this);
  }
  close() {
    this.readyState = 2;
  }
}

function page() {
  const heard = {};
  Stream.opened = [];
  globalThis.EventSource = Stream;
  globalThis.document = {
    hidden: false,
    addEventListener: (name, call) => (heard[name] = call),
    removeEventListener: (name) => delete heard[name],
  };
  return heard;
}

test("a stream goes on where it was left, and is closed while nobody looks", () => {
  const heard = page();
  const seen = [];
  const stop = follow("/api/v1/studies/s", 7, (message) => seen.push(message), () => {});
  assert.equal(Stream.opened[0].url, "/api/v1/studies/s/events?after=7");
  Stream.opened[0].onmessage({ data: '{"events":9}' });
  assert.deepEqual(seen, [{ events: 9 }]);
  document.hidden = true;
  heard.visibilitychange();
  assert.equal(Stream.opened[0].readyState, 2);
  document.hidden = false;
  heard.visibilitychange();
  assert.equal(seen[1], null, "what was missed is looked at");
  assert.equal(Stream.opened[1].url, "/api/v1/studies/s/events?after=9");
  stop();
  assert.equal(Stream.opened[1].readyState, 2);
  assert.deepEqual(heard, {});
});

test("where all streams are taken there are looks instead", () => {
  page();
  const said = [];
  const stop = follow("/s", 0, () => {}, (state) => said.push(state));
  const [stream] = Stream.opened;
  stream.readyState = 0;
  stream.onerror();
  stream.readyState = 2;
  stream.onerror();
  assert.deepEqual(said, ["waiting", "polling"]);
  stop();
});
