"""sm2 serve in a real browser: what Chromium makes of the pages, and whether its console stays empty.

Pictures of every page at several widths go to the folder of $SM2_PICTURES where it is set. Without Chromium the tests are skipped,
aloud.
"""

from __future__ import annotations

import http.server
import os
import shutil
import sqlite3
import struct
import subprocess
import tempfile
import threading
import unittest
import zlib
from pathlib import Path
from typing import NamedTuple

from served import PLAIN, Dashboard, ServeTest
from sm2_binary import learner

CHROMIUM = shutil.which("chromium")
FLAGS = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
FLAGS += " --disable-component-update --disable-sync --disable-dev-shm-usage --hide-scrollbars --enable-logging=stderr"
SCREENS = ((360, 1600), (1280, 900), (2560, 1400))
LIGHT, DARK = "f4f5f3", "12151a"  # the page's own colours
SLOW = dict(resource={"unit": "epoch", "min": 1, "max": 8}, strategy={"name": "successive-halving"})


class Seen(NamedTuple):
    document: str
    console: list[str]


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
        self.profile = Path(tempfile.mkdtemp(prefix="chromium-"))
        self.addCleanup(shutil.rmtree, self.profile, ignore_errors=True)

    def chromium(self, url: str, *flags: str) -> subprocess.CompletedProcess[str]:
        assert CHROMIUM
        # With an environment of its own: its processes are none of the test's.
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.profile)}
        command = [CHROMIUM, *FLAGS.split(), f"--user-data-dir={self.profile}/profile", *flags, url]
        return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120)

    def look(self, url: str, *flags: str) -> Seen:
        seen = self.chromium(url, "--dump-dom", *flags)
        self.assertEqual(seen.returncode, 0, seen.stderr)
        return Seen(seen.stdout, [line for line in seen.stderr.splitlines() if ":CONSOLE" in line])

    def assert_shown(self, dashboard: Dashboard, name: str, path: str, *parts: str) -> None:
        """The page holds the parts, nothing is said in the console, and its style is applied at every width, light and dark."""
        url = f"http://127.0.0.1:{dashboard.port}{path}"
        seen = self.look(url)
        self.assertEqual(seen.console, [], path)
        for part in parts:
            self.assertIn(part, seen.document)
        place = Path(os.environ.get("SM2_PICTURES", self.profile))
        for width, height in SCREENS:
            picture = place / f"{name}-{width}.png"
            self.draw(url, picture, f"--window-size={width},{height}")
            self.assertEqual(corner(picture), LIGHT)
        picture = place / f"{name}-dark.png"
        self.draw(url, picture, "--window-size=1280,900", "--blink-settings=preferredColorScheme=0")
        self.assertEqual(corner(picture), DARK)

    def draw(self, url: str, picture: Path, *flags: str) -> None:
        drawn = self.chromium(url, f"--screenshot={picture}", *flags)
        self.assertEqual(drawn.returncode, 0, drawn.stderr)

    def test_no_study_yet(self) -> None:
        self.assertEqual(self.tune(**PLAIN).status, 0)
        with sqlite3.connect(self.folder / "sm2.db") as database:
            database.execute("DELETE FROM events")
            database.execute("DELETE FROM studies")
        database.close()
        self.assert_shown(self.serve(), "empty", "/", "There is no study yet")

    def test_a_finished_study(self) -> None:
        self.assertEqual(self.tune(learner(), **SLOW).status, 0)
        dashboard = self.serve()
        self.assert_shown(dashboard, "list", "/", "finished", 'href="/studies/s"')
        self.assert_shown(dashboard, "study", "/studies/s", "is the winner", "Energy by candidate")
        self.assert_shown(dashboard, "missing", "/studies/none", "There is no study")

    def test_a_running_study(self) -> None:
        self.write_study(learner("--epoch-seconds=20"), **SLOW)
        tuner = self.start("tune", "study.toml")
        tuner.wait_for("^trial 0")
        dashboard = self.serve()
        self.assert_shown(dashboard, "running-list", "/", "running")
        self.assert_shown(dashboard, "running", "/studies/s", "The study is running")
        tuner.kill()

    def test_hostile_names(self) -> None:
        bait = "</title><script>document.title='pwned'</script><img src=x onerror=\"document.title='pwned'\">" + 60 * "long"
        program = f"echo '{bait.replace(chr(39), '')}'; echo accuracy=0.5; exit 3"
        self.tune(["/bin/sh", "-c", program, "sh", "{x}"], pattern=PLAIN["pattern"], space={"x": {"values": [bait, "y"]}})
        with sqlite3.connect(self.folder / "sm2.db") as database:
            database.execute("INSERT INTO studies (name) VALUES (?)", (bait,))
            database.execute("INSERT INTO events SELECT 2, seq, time, kind, body FROM events WHERE study = 1")
        database.close()
        dashboard = self.serve()
        for name, path in (("hostile-list", "/"), ("hostile", "/studies/s")):
            self.assert_shown(dashboard, name, path)
        for path in ("/", "/studies/s", "/api/v1/studies/s/trials/0/log"):
            seen = self.look(f"http://127.0.0.1:{dashboard.port}{path}")
            self.assertEqual(seen.console, [], path)
            self.assertNotIn("<title>pwned", seen.document)

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
            self.assertNotEqual(self.look(f"http://127.0.0.1:{server.server_port}/").console, [])
            server.shutdown()


if __name__ == "__main__":
    unittest.main()
