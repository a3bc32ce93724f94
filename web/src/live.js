// A study as it changes: a stream of server-sent events, and where there is none, a look now and then. A page that nobody sees asks
// for nothing: streams are few.

const POLL = 5000; // ms

// Calls `changed(message)` for each message of the stream after `events`, `changed(null)` where it is time to look again, and
// `connection("live" | "waiting" | "polling")`. Returns what ends it.
export function follow(path, events, changed, connection) {
  let source = null;
  let timer = null;
  let last = events;

  const close = () => {
    source?.close();
    source = null;
    clearTimeout(timer);
  };
  const poll = () => {
    connection("polling");
    clearTimeout(timer);
    timer = setTimeout(() => {
      changed(null);
      open();
    }, POLL);
  };
  const open = () => {
    close();
    source = new EventSource(`${path}/events?after=${last}`);
    source.onopen = () => connection("live");
    source.onmessage = ({ data }) => {
      const message = JSON.parse(data);
      last = message.events;
      changed(message);
    };
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED) poll();
      else connection("waiting");
    };
  };
  const seen = () => {
    if (document.hidden) return close();
    changed(null);
    open();
  };

  document.addEventListener("visibilitychange", seen);
  if (!document.hidden) open();
  return () => {
    document.removeEventListener("visibilitychange", seen);
    close();
  };
}

// Runs `work` now and again whenever it is called, one at a time, and so that it takes at most a twentieth of the time.
export function unhurried(work, least = 1000) {
  let running = false;
  let again = false;
  let ended = false;
  async function run() {
    if (running) {
      again = true;
      return;
    }
    running = true;
    const begin = performance.now();
    await work();
    const pause = Math.max(least, 20 * (performance.now() - begin));
    setTimeout(() => {
      running = false;
      if (again && !ended) {
        again = false;
        run();
      }
    }, pause);
  }
  run.end = () => {
    ended = true;
  };
  return run;
}
