// When the page is put on paper: then the class "paper" makes it light and narrow, and who is told can draw for it.

const told = new Set();
let printing = false;
let listening = false;

function turn(on) {
  if (on === printing) return;
  printing = on;
  document.documentElement.classList.toggle("paper", on);
  for (const tell of [...told]) tell(on);
}

function listen() {
  listening = true;
  addEventListener("beforeprint", () => turn(true));
  addEventListener("afterprint", () => turn(false));
  matchMedia("print").addEventListener("change", ({ matches }) => turn(matches));
}

// Calls `tell(whether it begins)` as printing begins and ends. What is drawn at once, or in a microtask, is on the paper; what waits
// for a frame or an observer is not. Returns what ends it.
export function onPaper(tell) {
  if (!listening) listen();
  told.add(tell);
  return () => told.delete(tell);
}
