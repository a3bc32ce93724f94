"""What SECURITY.md promises of sm2 serve: who may ask, and what asking can do."""

import os
import pty
import random
import re
import socket
import stat
import subprocess
import time
import unittest

from served import PLAIN, Dashboard, Response, ServeTest, parsed
from sm2_binary import BINARY, until
from test_report import Page
from test_security import listening_sockets, sockets_of

STUDIES = "/api/v1/studies"
PATHS = ("/", "/studies/s", STUDIES, f"{STUDIES}/s", f"{STUDIES}/s/trials", f"{STUDIES}/s/trials/0", "/metrics")
PATHS += ("/report", "/studies/s/report", f"{STUDIES}/s/overview", f"{STUDIES}/s/columns", f"{STUDIES}/s/curves", f"{STUDIES}/s/trials/0/history")
PATHS += (f"{STUDIES}/s/trials/0/log", "/api/v1/openapi.json", "/none", f"{STUDIES}/none", "/login")
TRAVERSALS = ("..", "%2e%2e", "..%2f..%2f..%2fetc%2fpasswd", "%2e%2e%2f%2e%2e", "....//", "%00", "s%00", "s%2f..%2fs", "~", "%c0%ae%c0%ae")
TRAVERSALS += ("..%5c..", "%252e%252e", "s/../s", "./s", "S%ff", "%2fetc%2fpasswd", "a" * 101)


class GuardedTest(ServeTest):
    def setUp(self) -> None:
        super().setUp()
        tuned = self.tune(**PLAIN)
        self.assertEqual((tuned.status, tuned.err), (0, ""), tuned)


class HeadersTest(GuardedTest):
    def test_every_answer_has_them(self) -> None:
        dashboard = self.serve()
        answers = [dashboard.get(path) for path in PATHS] + [dashboard.get("/", method="POST")]
        answers += [parsed(dashboard.send(raw)) for raw in (b"nonsense", b"GET / HTTP/9.9\r\n\r\n")]
        answers += [dashboard.ask("/", host="evil.example"), dashboard.ask("/" + 5000 * "a")]
        for answer in answers:
            policy = answer.headers["content-security-policy"]
            for part in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"):
                self.assertIn(part, policy)
            self.assertNotIn("unsafe", policy)
            expected = {
                "x-content-type-options": "nosniff",
                "referrer-policy": "no-referrer",
                "cross-origin-opener-policy": "same-origin",
                "cross-origin-resource-policy": "same-origin",
                "cache-control": "no-store",
                "x-frame-options": "DENY",
            }
            self.assertEqual({name: answer.headers.get(name) for name in expected}, expected, answer)
            self.assertEqual([name for name in answer.headers if name.startswith("access-control")], [])

    def test_the_style_of_a_page_has_a_nonce_of_its_own(self) -> None:
        dashboard = self.serve()
        nonces = []
        for path in ("/report", "/report", "/studies/s/report", "/none"):
            answer = dashboard.get(path)
            found = re.search(r"style-src 'nonce-([0-9a-f]{64})'", answer.headers["content-security-policy"])
            assert found, answer.headers
            self.assertIn(f'<style nonce="{found.group(1)}">', answer.body)
            self.assertIn("script-src 'none'", answer.headers["content-security-policy"])
            nonces.append(found.group(1))
        self.assertEqual(len(set(nonces)), len(nonces))

    def test_the_page_has_one_script_by_a_nonce_of_its_own(self) -> None:
        dashboard = self.serve()
        script = dashboard.get("/assets/page.js")
        if script.status == 404:
            self.skipTest("NOT TESTED: sm2 was built without the page of sm2 serve; see what CMake says of npm")
        nonces = []
        for path in ("/", "/", "/studies/s", "/studies/s/trials/0", "/compare?studies=s"):
            answer = dashboard.get(path)
            policy = answer.headers["content-security-policy"]
            found = re.search(r"script-src 'nonce-([0-9a-f]{64})'; style-src 'nonce-([0-9a-f]{64})';", policy)
            assert found, policy
            self.assertEqual(found.group(1), found.group(2))
            page = Page(answer.body)
            self.assertEqual([value for name, value in page.attributes if name == "src"], ["/assets/page.js"])
            self.assertEqual(page.tags.count("script"), 1)
            self.assertEqual([name for name, _ in page.attributes if name.startswith("on") or name == "style"], [])
            self.assertIn(f'<script defer src="/assets/page.js" nonce="{found.group(1)}"></script>', answer.body)
            nonces.append(found.group(1))
        self.assertEqual(len(set(nonces)), len(nonces))
        for bad in ("eval(", "new Function", "insertAdjacentHTML", "document.write", "importScripts", "WebSocket"):
            self.assertNotIn(bad, script.body)
        # Names of languages, which nothing is loaded from.
        self.assertEqual(set(re.findall(r"https?://([a-z0-9.-]*)", script.body + dashboard.get("/assets/page.css").body)), {"www.w3.org"})

    def test_only_reading_methods(self) -> None:
        dashboard = self.serve()
        for path in PATHS[:5]:
            self.assertEqual(dashboard.get(path, method="POST").status, 403)
            for method in ("PUT", "DELETE", "PATCH", "OPTIONS"):
                answer = dashboard.get(path, method=method)
                self.assertEqual((answer.status, answer.headers["allow"]), (405, "GET, HEAD, POST"), (path, method))
            head, get = dashboard.get(path, method="HEAD"), dashboard.get(path)
            self.assertEqual((head.status, head.body), (200, ""))
            self.assertEqual(head.headers["content-length"], get.headers["content-length"])

    def test_a_body_is_not_taken_but_answered(self) -> None:
        dashboard = self.serve()
        head = f"POST / HTTP/1.1\r\nHost: 127.0.0.1:{dashboard.port}\r\nContent-Length: 500000\r\n\r\n"
        self.assertEqual(parsed(dashboard.send(head.encode() + 500_000 * b"x")).status, 403)


class NameTest(GuardedTest):
    def test_other_names_are_turned_away(self) -> None:
        """DNS rebinding: the name of a page from elsewhere was made to lead here."""
        dashboard = self.serve()
        port = dashboard.port
        for host in (f"evil.example:{port}", "evil.example", f"127.0.0.1.evil.example:{port}", "127.0.0.1:1", "localhost"):
            for path in ("/", STUDIES, "/metrics"):
                self.assertEqual(dashboard.ask(path, host=host).status, 421, (host, path))
        for host in (f"127.0.0.1:{port}", f"localhost:{port}", f"[::1]:{port}"):
            self.assertEqual(dashboard.ask("/", host=host).status, 200, host)
        self.assertEqual(parsed(dashboard.send(b"GET / HTTP/1.1\r\n\r\n")).status, 400)
        twice = f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nHost: evil.example\r\n\r\n"
        self.assertEqual(parsed(dashboard.send(twice.encode())).status, 400)

    def test_a_name_that_the_user_allows(self) -> None:
        dashboard = self.serve("--allow-host", "dash.example", "--allow-host", "other.example:443")
        for host, status in (("dash.example", 200), (f"dash.example:{dashboard.port}", 200), ("other.example:443", 200), ("evil.example", 421)):
            self.assertEqual(dashboard.ask("/", host=host).status, status, host)

    def test_pages_of_other_origins_get_no_data(self) -> None:
        dashboard = self.serve()
        own = f"http://127.0.0.1:{dashboard.port}"
        for path in (STUDIES, "/metrics"):
            for field in ("Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site", "Origin: http://evil.example", "Origin: null"):
                self.assertEqual(dashboard.ask(path, field).status, 403, field)
            for field in ("Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: none", f"Origin: {own}"):
                self.assertEqual(dashboard.ask(path, field).status, 200, field)
        link = ("Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document")
        self.assertEqual(dashboard.ask("/", *link).status, 200)
        self.assertEqual(dashboard.ask("/", *link[:2], "Sec-Fetch-Dest: iframe").status, 403)


class PathTest(GuardedTest):
    def test_no_path_leads_out(self) -> None:
        (self.folder / "secret").write_text("secret\n")
        dashboard = self.serve()
        for bait in TRAVERSALS:
            for path in (f"/studies/{bait}", f"{STUDIES}/{bait}", f"{STUDIES}/{bait}/trials/0/log", f"{STUDIES}/s/trials/{bait}/log", f"/{bait}"):
                answer = dashboard.ask(path)
                self.assertIn(answer.status, (400, 404), path)
                self.assertNotIn("secret", answer.body)
                self.assertNotIn("root:", answer.body)
        for target in ("//etc/passwd", "/api/v1/../../etc/passwd", "http://127.0.0.1/", "*", "studies", "/%"):
            self.assertIn(dashboard.ask(target).status, (400, 404), target)

    def test_a_log_that_is_a_link_is_not_followed(self) -> None:
        (self.folder / "secret").write_text("secret\n")
        log = self.folder / "sm2.trials" / "s" / "0" / "log"
        log.unlink()
        log.symlink_to(self.folder / "secret")
        dashboard = self.serve()
        self.assertEqual(dashboard.get(f"{STUDIES}/s/trials/0/log").status, 404)
        log.unlink()
        log.parent.rename(self.folder / "elsewhere")
        (self.folder / "elsewhere" / "log").write_text("secret\n")
        log.parent.symlink_to(self.folder / "elsewhere")
        self.assertEqual(dashboard.get(f"{STUDIES}/s/trials/0/log").status, 404)


class TokenTest(GuardedTest):
    def guarded(self, *arguments: str) -> Dashboard:
        return self.serve("--token-file", "token", *arguments)

    @property
    def token(self) -> str:
        return (self.folder / "token").read_text().strip()

    def test_other_machines_need_one(self) -> None:
        for place in ("0.0.0.0:0", "[::]:0"):
            self.assert_one_line(self.sm2("serve", "--listen", place), 2, "--token-file")
        dashboard = self.serve("--token-file", "token", listen="0.0.0.0:0")
        self.assertEqual(dashboard.get("/").status, 401)
        self.assertEqual(dashboard.get("/", Authorization=f"Bearer {self.token}").status, 200)

    def test_is_made_for_its_user_alone(self) -> None:
        old = os.umask(0)
        try:
            dashboard = self.guarded()
        finally:
            os.umask(old)
        self.assertEqual(stat.S_IMODE((self.folder / "token").stat().st_mode), 0o600)
        self.assertRegex(self.token, "^[0-9a-f]{64}$")
        self.assertNotIn(self.token, dashboard.running.output(), "output that may be kept")
        first = self.token
        self.end(dashboard)
        self.guarded()
        self.assertEqual(self.token, first)

    def test_a_terminal_is_shown_the_link(self) -> None:
        ours, theirs = pty.openpty()
        self.addCleanup(os.close, ours)
        self.addCleanup(os.close, theirs)
        command = [BINARY, "serve", "--listen", "127.0.0.1:0", "--token-file", "token"]
        process = subprocess.Popen(command, cwd=self.folder, env=self.environment, stdout=theirs, stdin=subprocess.DEVNULL)
        shown = os.read(ours, 4096).decode()
        process.terminate()
        self.assertEqual(process.wait(10), 0)
        self.assertRegex(shown, rf"^http://127\.0\.0\.1:\d+/login\?token={self.token}\r\n$")

    def test_a_file_that_is_no_secret_is_refused(self) -> None:
        file = self.folder / "token"
        for text, mode, said in ((40 * "a", 0o644, "chmod 600"), (40 * "a", 0o660, "chmod 600"), ("short", 0o600, "32 to 256"), ("", 0o600, "32 to 256")):
            file.write_text(text)
            file.chmod(mode)
            self.assert_one_line(self.sm2("serve", "--token-file", "token"), 2, said)

    def test_nothing_is_shown_without_it(self) -> None:
        dashboard = self.guarded()
        for path in PATHS:
            for fields in ({}, {"Authorization": "Bearer x"}, {"Authorization": f"Basic {self.token}"}, {"Cookie": f"sm2-{dashboard.port}={self.token}"}):
                answer = dashboard.get(path, **fields)
                self.assertEqual(answer.status, 401, (path, fields))
                self.assertNotIn("accuracy", answer.body)
            if path != "/login":
                self.assertNotEqual(dashboard.get(path, Authorization=f"Bearer {self.token}").status, 401)
        self.assertEqual(dashboard.get(f"/login?token={64 * '0'}").status, 401)

    def test_the_link_logs_a_browser_in(self) -> None:
        dashboard = self.guarded()
        answer = dashboard.get(f"/login?token={self.token}")
        self.assertEqual((answer.status, answer.headers["location"]), (303, "/"))
        cookie, *attributes = answer.headers["set-cookie"].split("; ")
        self.assertEqual(set(attributes), {"HttpOnly", "SameSite=Strict", "Path=/"})
        self.assertNotIn(self.token, answer.headers["set-cookie"] + answer.body)
        self.assertEqual(dashboard.get("/", Cookie=cookie).status, 200)
        self.assertEqual(dashboard.get(STUDIES, Cookie=f"a=b; {cookie}").status, 200)
        self.end(dashboard)
        self.assertEqual(self.guarded().get("/", Cookie=cookie).status, 401, "a cookie ends with its server")


class LoadTest(GuardedTest):
    """What clients of bad manners can do: nothing to others."""

    def assert_well(self, dashboard: Dashboard) -> None:
        begin = time.monotonic()
        self.assertEqual(dashboard.get("/studies/s/report").status, 200)
        self.assertLess(time.monotonic() - begin, 5)

    def test_malformed_requests(self) -> None:
        dashboard = self.serve()
        chance = random.Random(1)
        parts = [b"GET ", b"/", b" HTTP/1.1", b"\r\n", b"\n", b"\r", b"Host: a", b":", b" ", b"\0", b"\xff", b"%", b"?", b"Range: bytes=0-", b"Cookie: ="]
        whole = f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{dashboard.port}\r\n".encode()
        for _ in range(300):
            raw = b"".join(chance.choices(parts, k=chance.randrange(1, 30)))
            answer = dashboard.send(chance.choice((b"", whole)) + raw + b"\r\n\r\n")
            if answer:
                self.assertRegex(answer, rb"^HTTP/1\.1 (200|400|401|403|404|405|414|421|431) ")
        self.assert_well(dashboard)

    def test_heads_that_are_too_large(self) -> None:
        dashboard = self.serve()
        name = f"Host: 127.0.0.1:{dashboard.port}"
        self.assertEqual(dashboard.ask("/" + 5_000 * "a").status, 414)
        self.assertEqual(dashboard.ask("/", "X: " + 20_000 * "a").status, 431)
        self.assertEqual(dashboard.ask("/", *(200 * ["X: y"])).status, 431)
        with dashboard.connect() as endless:
            try:
                for _ in range(1_000):
                    endless.sendall(b"GET / HTTP/1.1\r\n" + name.encode() + b"\r\nX: " + 10_000 * b"a")
            except OSError:
                pass
        self.assert_well(dashboard)

    def test_ranges_and_expectations_have_no_effect(self) -> None:
        dashboard = self.serve()
        whole = dashboard.ask("/api/v1/openapi.json")
        for field in ("Range: bytes=0-5", "Range: bytes=" + 3000 * "0-,", "Expect: 100-continue", "Content-Length: 99", "Transfer-Encoding: chunked"):
            self.assertEqual(dashboard.ask("/api/v1/openapi.json", field), whole, field)

    def test_slow_clients_hold_up_nobody(self) -> None:
        """Slowloris: more connections than the server holds, each with a head that comes a byte at a time."""
        dashboard = self.serve()
        slow: list[socket.socket] = []
        try:
            for turn in range(400):
                slow.append(dashboard.connect())
                slow[-1].sendall(b"GET / HT")
                if turn % 100 == 99:
                    self.assert_well(dashboard)
            for _ in range(5):
                for connection in slow:
                    try:
                        connection.send(b"T")
                    except OSError:
                        pass
                self.assert_well(dashboard)
        finally:
            for connection in slow:
                connection.close()
        self.end(dashboard)

    def test_answers_that_are_not_taken_hold_up_nobody(self) -> None:
        dashboard = self.serve()
        request = f"GET /studies/s/report HTTP/1.1\r\nHost: 127.0.0.1:{dashboard.port}\r\n\r\n".encode()
        idle = [dashboard.connect() for _ in range(100)]
        for connection in idle:
            connection.sendall(request)
        self.assert_well(dashboard)
        for connection in idle:
            connection.close()

    def test_a_client_that_leaves_in_the_middle(self) -> None:
        dashboard = self.serve()
        for _ in range(100):
            connection = dashboard.connect()
            connection.sendall(f"GET /studies/s/report HTTP/1.1\r\nHost: 127.0.0.1:{dashboard.port}\r\n\r\n".encode())
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            connection.close()
        self.assert_well(dashboard)
        descriptors = f"/proc/{dashboard.running.pid}/fd"
        until(lambda: len(os.listdir(descriptors)) < 30, "connections are given back")
        self.end(dashboard)

    def test_it_ends_though_clients_hold_on(self) -> None:
        dashboard = self.serve()
        held = [dashboard.connect() for _ in range(20)]
        for connection in held[:10]:
            connection.sendall(b"GET / HT")
        begin = time.monotonic()
        self.end(dashboard)
        self.assertLess(time.monotonic() - begin, 5)
        for connection in held:
            connection.close()


class ListeningTest(GuardedTest):
    def test_it_listens_once_and_on_this_machine_alone(self) -> None:
        dashboard = self.serve()
        self.assertEqual(len(sockets_of(dashboard.running.pid) & listening_sockets()), 1)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as outward:
            try:
                outward.connect(("192.0.2.1", 9))  # sends nothing: it only chooses this machine's address
            except OSError:
                self.skipTest("NOT TESTED FROM OUTSIDE: this machine has no address but its own")
            address = outward.getsockname()[0]
        with self.assertRaises(OSError):
            socket.create_connection((address, dashboard.port), timeout=5)

    def test_ipv6(self) -> None:
        try:
            dashboard = self.serve(listen="[::1]:0", host="::1")
        except AssertionError as error:
            if "cannot listen" in str(error):
                self.skipTest("NOT TESTED ON IPv6: this machine has none")
            raise
        answer: Response = dashboard.get("/")
        self.assertEqual(answer.status, 200)


if __name__ == "__main__":
    unittest.main()
