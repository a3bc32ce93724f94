// To another address of the page, without loading it anew.
export function go(path) {
  history.pushState(null, "", path);
  dispatchEvent(new PopStateEvent("popstate"));
  scrollTo(0, 0);
  document.getElementById("main").focus({ preventScroll: true }); // what is read aloud goes on there
}

// A click on a link to our own page stays on it; with a key, to elsewhere, or to what is no page, it is the browser's.
export function onLink(event) {
  const link = event.target.closest?.("a[href]");
  if (!link || event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || link.target || "plain" in link.dataset) return;
  const url = new URL(link.href);
  if (url.origin !== location.origin || (url.hash && url.pathname === location.pathname)) return;
  event.preventDefault();
  go(url.pathname + url.search + url.hash);
}
