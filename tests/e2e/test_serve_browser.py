"""sm2 serve in a real browser: what Chromium makes of the page and of the pages without scripts, and whether its console stays empty.

Pictures of every page at several widths go to the folder of $SM2_PICTURES where it is set. Without Chromium the tests are skipped,
aloud; so are those of the page where sm2 was built without it.
"""

from __future__ import annotations

import http.server
import json
import os
import shutil
import sqlite3
import struct
import tempfile
import threading
import unittest
import zlib
from pathlib import Path

from chromium import CHROMIUM, Chromium
from served import PLAIN, Dashboard, ServeTest
from sm2_binary import learner

SCREENS = ((360, 1600), (1280, 900), (2560, 1400))
LIGHT, DARK = "f4f5f3", "12151a"  # the page's own colours
SLOW = dict(resource={"unit": "epoch", "min": 1, "max": 8}, strategy={"name": "successive-halving"})
BAIT = "</title><script>document.title='pwned'</script><img src=x onerror=\"document.title='pwned'\">\u202e\u05e9\u05dc\u05d5\u05dd\n\x1b[31m" + 60 * "long"

# What a reader without eyes, or without a mouse, would miss.
MISSING = """(() => {
  const wrong = [];
  const named = (element) => element.getAttribute("aria-label") || element.getAttribute("aria-labelledby") || element.innerText.trim() || element.labels?.length;
  for (const element of document.querySelectorAll("button, a[href], input, select, summary"))
    if (!named(element)) wrong.push("no name: " + element.outerHTML.slice(0, 200));
  for (const canvas of document.querySelectorAll("canvas"))
    if (!canvas.closest("[role=application][aria-label], [aria-hidden=true]")) wrong.push("a picture without words");
  for (const box of document.querySelectorAll(".scroll"))
    if (box.scrollWidth > box.clientWidth + 1 && box.tabIndex < 0 && !box.querySelector("a, button, input")) wrong.push("cannot be scrolled by keys");
  for (const table of document.querySelectorAll("table"))
    if (!table.querySelector("th[scope=col]")) wrong.push("a table without headings");
  for (const picture of document.querySelectorAll(".plot, .parallel"))
    if (picture.tabIndex < 0 || !picture.getAttribute("aria-label")?.includes("Arrow keys")) wrong.push("a picture without keys");
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) wrong.push("twice: " + id);
  if (document.querySelectorAll("h1").length !== 1) wrong.push("h1: " + document.querySelectorAll("h1").length);
  if (!document.querySelector("main")) wrong.push("no main");
  return wrong;
})()"""


# What is on the paper as it is laid out, which is after all handlers of "beforeprint" and before their afterthoughts: of each
# picture its part, whether anything is drawn, and whether it reaches beyond a sheet of A4.
PRINTED = """matchMedia("print").addEventListener("change", ({ matches }) => {
  if (!matches) return;
  const ink = (canvas) => canvas && canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some((part) => part > 0);
  const pictures = [...document.querySelectorAll(".plot, .parallel")];
  window.printed = pictures.map((box) => [box.closest("section").id, Boolean(ink(box.querySelector("canvas"))), box.getBoundingClientRect().right > 794]);
  window.paper = getComputedStyle(document.documentElement).getPropertyValue("--ink").trim();
});"""


def corner(picture: Path) -> str:
    """The colour of a PNG picture's first pixel, which no filter of the format changes."""
    raw, at, packed = picture.read_bytes(), 8, b""
    while at < len(raw):
        (length,) = struct.unpack(">I", raw[at : at + 4])
        if raw[at + 4 : at + 8] == b"IDAT":
            packed += raw[at + 8 : at + 8 + length]
        at += 12 + length
    return zlib.decompressobj().decompress(packed, 4)[1:4].hex()


@unittest.skipUnless(CHROMIUM, "NOT TESTED IN A BROWSER: there is no chromium here; dev/setup chromium installs it")
class BrowserTest(ServeTest):
    def setUp(self) -> None:
        super().setUp()
        self.pictures = Path(os.environ.get("SM2_PICTURES") or tempfile.mkdtemp(prefix="pictures-"))
        if "SM2_PICTURES" not in os.environ:
            self.addCleanup(shutil.rmtree, self.pictures, ignore_errors=True)
        self.browser = Chromium()
        self.addCleanup(self.browser.close)

    def url(self, dashboard: Dashboard, path: str) -> str:
        return f"http://127.0.0.1:{dashboard.port}{path}"

    def assert_shown(self, dashboard: Dashboard, name: str, path: str, *parts: str) -> None:
        """The page says the parts, nothing is said in the console, nothing sticks out, at every width, light and dark."""
        self.browser.screen(*SCREENS[0])
        self.browser.open(self.url(dashboard, path))
        for part in parts:
            self.browser.wait_for_text(part)
        for width, height in SCREENS:
            for dark in (False, True):
                where = f"{name}-{width}-{'dark' if dark else 'light'}"
                self.browser.screen(width, height, dark)
                self.browser.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))")  # it is laid out anew
                self.assertLessEqual(self.browser.evaluate("document.documentElement.scrollWidth"), width, where)
                picture = self.pictures / f"{where}.png"
                self.browser.draw(picture)
                self.assertEqual(corner(picture), DARK if dark else LIGHT, where)
        self.assertEqual(self.browser.console, [], name)

    def hostile_store(self) -> None:
        """A study, settings and a log that try to be more than text."""
        program = f"echo '{BAIT.replace(chr(39), '')}'; echo accuracy=0.5; exit 3"
        self.tune(["/bin/sh", "-c", program, "sh", "{x}"], pattern=PLAIN["pattern"], space={"x": {"values": [BAIT, "y"]}})
        with sqlite3.connect(self.folder / "sm2.db") as database:
            database.execute("INSERT INTO studies (name) VALUES (?)", (BAIT,))
            database.execute("INSERT INTO events SELECT 2, seq, time, kind, body FROM events WHERE study = 1")
        database.close()

    def empty_store(self) -> None:
        self.assertEqual(self.tune(**PLAIN).status, 0)
        with sqlite3.connect(self.folder / "sm2.db") as database:
            database.execute("DELETE FROM events")
            database.execute("DELETE FROM studies")
        database.close()


class PlainTest(BrowserTest):
    """The pages without scripts."""

    def test_no_study_yet(self) -> None:
        self.empty_store()
        self.assert_shown(self.serve(), "plain-empty", "/report", "There is no study yet")

    def test_a_finished_study(self) -> None:
        self.assertEqual(self.tune(learner(), **SLOW).status, 0)
        dashboard = self.serve()
        self.assert_shown(dashboard, "plain-list", "/report", "finished", "modelled")
        self.assert_shown(dashboard, "plain-study", "/studies/s/report", "is the winner", "Energy by candidate")

    def test_hostile_names(self) -> None:
        self.hostile_store()
        dashboard = self.serve()
        for name, path in (("plain-hostile-list", "/report"), ("plain-hostile", "/studies/s/report")):
            self.assert_shown(dashboard, name, path)
            self.assertNotEqual(self.browser.evaluate("document.title"), "pwned")

    def test_the_console_would_say_what_a_policy_keeps_out(self) -> None:
        """Without which an empty console would mean nothing."""

        class Page(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Security-Policy", "default-src 'none'")
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(b"<p style='color:red'>red")

            def log_message(self, format: str, *words: object) -> None:
                pass

        with http.server.HTTPServer(("127.0.0.1", 0), Page) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            self.browser.open(f"http://127.0.0.1:{server.server_port}/")
            self.browser.wait_for_text("red")
            self.assertNotEqual([line for line in self.browser.console if "Content Security Policy" in line], [])
            server.shutdown()


class PageTest(BrowserTest):
    def serve(self, *arguments: str, listen: str = "127.0.0.1:0", host: str = "127.0.0.1") -> Dashboard:
        dashboard = super().serve(*arguments, listen=listen, host=host)
        if dashboard.get("/assets/page.js").status == 404:
            self.skipTest("NOT TESTED: sm2 was built without the page of sm2 serve; see what CMake says of npm")
        return dashboard

    def assert_whole(self, dashboard: Dashboard, name: str, path: str, *parts: str) -> None:
        """As assert_shown, and with names for what can be used, and words for what can be seen."""
        self.assert_shown(dashboard, name, path, *parts)
        self.assertEqual(self.browser.evaluate(MISSING), [], name)

    def get_checkpoints(self, dashboard: Dashboard, trial: int) -> list[str]:
        """Names, the latest first."""
        return [one["name"] for one in dashboard.json(f"/api/v1/studies/s/trials/{trial}/history")["checkpoints"]["latest"]]

    def open(self, dashboard: Dashboard, path: str, part: str) -> None:
        self.browser.screen(1280, 1000)
        self.browser.open(self.url(dashboard, path))
        self.browser.wait_for_text(part)

    def test_no_study_yet(self) -> None:
        self.empty_store()
        self.assert_whole(self.serve(), "empty", "/", "There is no study yet")

    def test_a_finished_study_is_answered_on_the_first_screen(self) -> None:
        self.assertEqual(self.tune(learner(), **SLOW).status, 0)
        dashboard = self.serve()
        self.assert_whole(dashboard, "list", "/", "finished", "modelled")
        parts = ("is the winner", "Best setting", "What finding it cost", "modelled", "Why the rest was dropped", "Rungs", "Too little data", "hardware of trials")
        self.assert_whole(dashboard, "study", "/studies/s", *parts)
        best = self.json("best")
        self.browser.wait_for_text(best["command_line"])
        self.browser.open(self.url(dashboard, "/studies/none"))
        self.browser.wait_for_text("There is no study")

    def test_a_trial(self) -> None:
        self.assertEqual(self.tune(learner(), **SLOW).status, 0)
        dashboard = self.serve()
        last = self.log(0).decode().splitlines()[-1]
        self.assert_whole(dashboard, "trial", "/studies/s/trials/0", "Trial 0 of s", "Learning curve", "Stretches of training", last)
        announced = self.get_checkpoints(dashboard, 0)
        self.browser.evaluate("document.querySelector('.checkpoints summary').click()")
        listed = self.browser.evaluate("[...document.querySelectorAll('.checkpoints li .name')].map((one) => one.textContent)")
        self.assertEqual(listed, announced[1:])
        self.assertGreater(len(listed), 0)
        self.browser.evaluate("document.querySelector('a[rel=next]').click()")
        self.browser.wait_for_text("Trial 1 of s")
        self.assertEqual(self.browser.evaluate("location.pathname"), "/studies/s/trials/1")
        self.browser.evaluate("history.back()")
        self.browser.wait_for_text("Trial 0 of s")

    def test_a_click_on_a_point_opens_its_trial(self) -> None:
        self.assertEqual(self.tune(learner(), **SLOW).status, 0)
        dashboard = self.serve()
        self.open(dashboard, "/studies/s", "Metric and energy")
        self.browser.evaluate("document.querySelector('#front').scrollIntoView()")  # what nobody sees is not drawn
        self.browser.wait_for("document.querySelector('#front .u-over')")
        left, top, width, height = self.browser.evaluate(
            "(() => { const box = document.querySelector('#front .u-over').getBoundingClientRect(); return [box.x, box.y, box.width, box.height]; })()"
        )
        for step in range(400):
            x, y = left + (step % 20 + 0.5) * width / 20, top + (step // 20 + 0.5) * height / 20
            self.browser.move(x, y)
            if self.browser.evaluate("document.querySelector('#front .plot').classList.contains('at')"):
                break
        said = self.browser.evaluate("document.querySelector('#front .tip').textContent")
        self.assertRegex(said, r"^trial \d+: accuracy [0-9.]+, [0-9.]+ m?J, modelled$")
        self.browser.click(x, y)
        self.browser.wait_for("location.pathname === '/studies/s/trials/" + said.split(":")[0].removeprefix("trial ") + "'")

    def test_which_trials_ran_on_which_hardware(self) -> None:
        self.assertEqual(self.tune(learner(), **SLOW).status, 0)
        with sqlite3.connect(self.folder / "sm2.db") as database:
            launches = database.execute("SELECT seq, body FROM events WHERE kind = 'launched'").fetchall()
            for seq, body in ((seq, json.loads(body)) for seq, body in launches):
                if body["trial"] == 1:
                    database.execute("UPDATE events SET body = ? WHERE seq = ?", (json.dumps({**body, "hardware": "Xeon; by rapl"}), seq))
        database.close()
        dashboard = self.serve()
        self.open(dashboard, "/studies/s", "How it was measured")
        self.browser.wait_for_text("2 kinds, below")
        rows = self.browser.evaluate("[...document.querySelectorAll('.hardware tbody tr')].map((row) => [...row.cells].map((cell) => cell.textContent))")
        self.assertEqual([row[1:] for row in rows], [["3", "0, 2 to 3"], ["1", "1"]])
        self.assertEqual(rows[1][0], "Xeon; by rapl")
        self.assert_whole(dashboard, "hardware", "/studies/s/trials/1", "Xeon; by rapl")

    def test_on_paper_is_what_was_not_on_the_screen_yet(self) -> None:
        self.assertEqual(self.tune(learner(), **SLOW).status, 0)
        dashboard = self.serve()
        self.browser.call("Page.addScriptToEvaluateOnNewDocument", source=PRINTED)
        self.browser.screen(1280, 300, dark=True)
        self.browser.open(self.url(dashboard, "/studies/s"))
        self.browser.wait_for("document.querySelector('#space .parallel')")
        self.browser.wait_for("performance.getEntriesByName('sm2-pictures').length > 0")
        self.assertFalse(self.browser.evaluate("Boolean(document.querySelector('#front canvas'))"), "it was to be below the screen")
        self.browser.print(self.pictures / "study.pdf")
        parts = ["course", "curves", "front", "space"]
        self.assertEqual(self.browser.evaluate("window.printed"), [[part, True, False] for part in parts])
        self.assertEqual(self.browser.evaluate("window.paper"), "#1b2024", "ink is dark on paper")
        self.assertFalse(self.browser.evaluate("document.documentElement.classList.contains('paper')"), "the screen is as before")
        self.assertEqual(self.browser.console, [])

    def test_keys_go_from_point_to_point_and_open_a_trial(self) -> None:
        self.assertEqual(self.tune(learner(), **SLOW).status, 0)
        dashboard = self.serve()
        best = self.json("best")["trial"]
        self.open(dashboard, "/studies/s", "Metric and energy")
        for part, drawn, spoken in (("front", ".u-over", "[aria-live]"), ("curves", ".u-over", "[aria-live]"), ("space", ".tick", ".at-cursor")):
            with self.subTest(part):
                self.browser.evaluate(f"document.querySelector('#{part}').scrollIntoView()")
                self.browser.wait_for(f"document.querySelector('#{part} {drawn}')")
                self.browser.evaluate(f"document.querySelector('#{part} [role=application]').focus()")
                said = f"document.querySelector('#{part} {spoken}').textContent"
                self.browser.key("ArrowDown")
                self.browser.wait_for(f"{said}.startsWith('trial {best}')", "the best is the first")
                first = self.browser.evaluate(said)
                self.browser.key("ArrowDown")
                self.browser.wait_for(f"/^trial \\d+/.test({said}) && {said} !== {json.dumps(first)}", "the next one is another")
                trial = self.browser.evaluate(said).removeprefix("trial ").split(":")[0].split(",")[0]
                self.assertNotEqual(trial, str(best))
                self.browser.key("Enter")
                self.browser.wait_for(f"location.pathname === '/studies/s/trials/{trial}'")
                self.browser.evaluate("history.back()")
                self.browser.wait_for(f"document.querySelector('#{part}')")
        self.assertEqual(self.browser.console, [])

    def test_a_running_study(self) -> None:
        self.write_study(learner("--epoch-seconds=20"), **SLOW)
        tuner = self.start("tune", "study.toml")
        tuner.wait_for("^trial 0")
        dashboard = self.serve()
        self.assert_whole(dashboard, "running-list", "/", "running")
        self.assert_whole(dashboard, "running", "/studies/s", "running", "live", "The best so far is trial", "1 running")
        tuner.kill()

    def test_a_running_study_is_followed_to_its_end(self) -> None:
        self.write_study(learner("--epoch-seconds=0.5"), **SLOW)
        tuner = self.start("tune", "study.toml")
        tuner.wait_for("^trial 0 +1 epoch")
        dashboard = self.serve()
        self.open(dashboard, "/studies/s", "The best so far is trial")
        self.browser.evaluate("window.here = true")
        self.assertEqual(tuner.end().status, 0)
        self.browser.wait_for_text("is the winner")
        self.browser.wait_for_text("Trial 0, trained for 8 epochs")
        self.assertTrue(self.browser.evaluate("window.here"), "it was not loaded anew")
        self.assertEqual(self.browser.console, [])

    def test_a_server_that_goes_away_is_said_and_the_page_stays(self) -> None:
        self.assertEqual(self.tune(learner(), **SLOW).status, 0)
        dashboard = self.serve()
        self.open(dashboard, "/", "finished")
        self.end(dashboard)
        self.browser.wait_for_text("The server does not answer; trying again.")
        self.browser.wait_for_text("finished")

    def test_a_study_whose_trials_all_failed(self) -> None:
        self.tune(["/bin/sh", "-c", "exit 3", "sh", "{x}"], pattern=PLAIN["pattern"], space={"x": {"values": [1, 2, 3]}})
        dashboard = self.serve()
        self.assert_whole(dashboard, "failed", "/studies/s", "No usable trial: all", "None: there is no usable trial.", "failed with exit status 3")

    def test_studies_side_by_side(self) -> None:
        for name in ("first", "second"):
            self.assertEqual(self.tune(learner(), **SLOW, name=name).status, 0)
        dashboard = self.serve()
        self.open(dashboard, "/", "Choose two or more")
        self.browser.evaluate("document.querySelectorAll('input[type=checkbox]').forEach((box) => box.click())")
        self.browser.wait_for_text("Compare 2 studies")
        self.browser.evaluate("document.querySelector('a.button').click()")
        self.browser.wait_for("location.pathname === '/compare' && document.body.innerText.includes('Figures')")
        self.assert_whole(dashboard, "compare", "/compare?studies=first,second", "Best so far", "in dropped trials", "modelled")

    def test_keys_are_enough(self) -> None:
        self.assertEqual(self.tune(learner(), **SLOW).status, 0)
        dashboard = self.serve()
        self.open(dashboard, "/studies/s", "Learning curves")
        focused = "document.activeElement.outerHTML"
        self.browser.key("Tab")
        self.assertIn("To the content", self.browser.evaluate(focused))
        self.browser.wait_for("document.querySelector('input[name=curves]')")
        self.browser.evaluate("document.querySelector('input[name=curves]:checked').focus()")
        self.browser.key("ArrowRight")
        self.browser.wait_for("new URLSearchParams(location.search).get('curves') === 'seconds'", "what is chosen is in the address")
        self.browser.evaluate("document.querySelector('#curves summary').focus()")
        self.browser.key("Enter")
        self.browser.wait_for("document.querySelector('#curves details[open] table tbody tr')")
        self.browser.evaluate("document.querySelector('.trials .sort').focus()")
        self.browser.key("Enter")
        self.browser.wait_for("document.querySelector('.trials [aria-sort=ascending]')")

    def test_an_address_is_what_was_chosen(self) -> None:
        self.assertEqual(self.tune(learner(), **SLOW).status, 0)
        self.open(self.serve(), "/studies/s?curves=seconds&state=stopped&sort=-trial", "Learning curves")
        self.browser.wait_for("document.querySelector('input[name=curves][value=seconds]').checked")
        self.browser.wait_for("document.querySelector('#trials select').value === 'stopped'")
        self.browser.wait_for("document.querySelector('.trials [aria-sort=descending]').innerText.startsWith('Trial')")

    def test_hostile_names(self) -> None:
        self.hostile_store()
        dashboard = self.serve()
        for name, path, part in (
            ("hostile-list", "/", "\\u202e"),
            ("hostile", "/studies/s", "\\x1b[31m"),
            ("hostile-trial", "/studies/s/trials/0", "\\x1b[31m"),
        ):
            self.assert_whole(dashboard, name, path, part, "<script>document.title='pwned'</script>")
            self.assertNotEqual(self.browser.evaluate("document.title"), "pwned")
            self.assertEqual(self.browser.evaluate("document.querySelectorAll('img, #page script').length"), 0)
        self.assertEqual(self.browser.evaluate("document.querySelectorAll('a[href^=javascript]').length"), 0)

    def test_without_scripts_it_leads_to_the_pages_that_need_none(self) -> None:
        self.assertEqual(self.tune(learner(), **SLOW).status, 0)
        dashboard = self.serve()
        self.browser.call("Emulation.setScriptExecutionDisabled", value=True)
        for path, there, part in (("/", "/report", "Studies"), ("/studies/s", "/studies/s/report", "Energy by candidate")):
            self.browser.open(self.url(dashboard, path))
            self.browser.wait_for_text(part)
            self.assertEqual(self.browser.evaluate("location.pathname"), there)

    def test_many_trials_are_drawn_from_few_figures(self) -> None:
        """As many as make test can wait for; make bench-serve has 5,000."""
        self.assertEqual(self.tune(**PLAIN, space={"batch_size": {"low": 1, "high": 999}}, strategy={"name": "random", "candidates": 300}).status, 0)
        dashboard = self.serve()
        self.open(dashboard, "/studies/s", "Of 300 trials the best half of 100")
        self.browser.wait_for_text("1 to 25 of 300")
        self.browser.evaluate("document.querySelector('.pages button:last-child').click()")
        self.browser.wait_for_text("26 to 50 of 300")
        self.assertEqual(self.browser.evaluate(MISSING), [])
        self.assertEqual(self.browser.console, [])
        self.assertLess(sum(self.browser.loaded.values()), 1_000_000)


if __name__ == "__main__":
    unittest.main()
