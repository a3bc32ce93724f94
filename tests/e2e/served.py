"""A dashboard beside a test: sm2 serve on a port of its own, and ways to ask it, well-behaved and not."""

from __future__ import annotations

import http.client
import json
import re
import socket
from typing import Any, NamedTuple, Optional

from sm2_binary import PATIENCE, Running, Sm2Test, printing, until

PLAIN = printing("echo accuracy=0.{batch_size}")  # a program that is done at once


class Response(NamedTuple):
    status: int
    headers: dict[str, str]  # names in small letters
    body: str

    def json(self) -> Any:
        return json.loads(self.body)


def parsed(raw: bytes) -> Response:
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    return Response(int(first.split()[1]), {name.lower(): value for name, value in headers.items()}, body.decode("utf-8", "replace"))


class Dashboard:
    def __init__(self, running: Running, host: str = "127.0.0.1") -> None:
        self.running, self.host = running, host
        running.wait_for(r"^http://")
        if running.process.poll() is not None:
            raise AssertionError(f"sm2 serve has ended: {running.errors()}")
        found = re.match(r"http://([^/]+):(\d+)/", running.output())
        assert found, running.output()
        self.port = int(found.group(2))

    def get(self, path: str, method: str = "GET", **headers: str) -> Response:
        """Header names are given with _ for -."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
            answer = connection.getresponse()
            body = answer.read().decode("utf-8", "replace")
            return Response(answer.status, {name.lower(): value for name, value in answer.getheaders()}, body)
        finally:
            connection.close()

    def json(self, path: str) -> Any:
        answer = self.get(path)
        assert answer.status == 200, answer
        return answer.json()

    def connect(self) -> socket.socket:
        return socket.create_connection((self.host, self.port), timeout=PATIENCE)

    def send(self, raw: bytes) -> bytes:
        """What is answered to bytes of any kind; empty where the server has just closed."""
        with self.connect() as connection:
            answer = b""
            try:
                connection.sendall(raw)
                while part := connection.recv(1 << 16):
                    answer += part
            except ConnectionResetError:
                pass
            return answer

    def ask(self, target: str, *fields: str, host: Optional[str] = None) -> Response:
        """A request line that no client library would send."""
        name = host if host is not None else f"127.0.0.1:{self.port}"
        lines = [f"GET {target} HTTP/1.1", f"Host: {name}", *fields, "", ""]
        return parsed(self.send("\r\n".join(lines).encode("latin-1")))


class ServeTest(Sm2Test):
    """A test whose dashboards end with it, quietly."""

    def setUp(self) -> None:
        super().setUp()
        self._dashboards: list[Dashboard] = []

    def tearDown(self) -> None:
        for dashboard in self._dashboards:
            if dashboard.running.process.poll() is None:
                self.end(dashboard)
        super().tearDown()

    def serve(self, *arguments: str, listen: str = "127.0.0.1:0", host: str = "127.0.0.1") -> Dashboard:
        self._dashboards.append(Dashboard(self.start("serve", "--listen", listen, *arguments), host))
        return self._dashboards[-1]

    def end(self, dashboard: Dashboard) -> None:
        """As Ctrl-C does: quietly, and with status 0."""
        dashboard.running.press_ctrl_c()
        ended = dashboard.running.end()
        self.assertEqual((ended.status, ended.err), (0, ""), ended)
        self.assertEqual(len(ended.out.splitlines()), 1, ended)

    def until_state(self, dashboard: Dashboard, state: str, study: str = "s") -> None:
        path = f"/api/v1/studies/{study}"
        until(lambda: (answer := dashboard.get(path)).status == 200 and answer.json()["state"] == state, state)
