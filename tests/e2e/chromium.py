"""Chromium without a window, driven over a pipe by its own protocol (https://chromedevtools.github.io/devtools-protocol/): pages at any
width, light and dark, with their console, clicks and keys. No port is opened, and no library is needed."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium")
FLAGS = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
FLAGS += " --disable-component-update --disable-sync --disable-dev-shm-usage --hide-scrollbars --remote-debugging-pipe"
PATIENCE = 20  # seconds: sanitizers and busy machines are slow


def aside(ends: tuple[int, int]) -> tuple[int, int]:
    """The same ends of a pipe, under numbers that are in nobody's way."""
    moved = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 20) for end in ends]
    for end in ends:
        os.close(end)
    return moved[0], moved[1]


class Chromium:
    """One page. What it says in its console is in `console`, what the browser has loaded for it in `loaded`."""

    def __init__(self) -> None:
        assert CHROMIUM
        self._profile = tempfile.mkdtemp(prefix="chromium-")
        to_it, self._to = aside(os.pipe())
        self._from, from_it = aside(os.pipe())
        # The pipes are 3 and 4 there; with an environment of its own: its processes are none of a test's.
        command = ["/bin/bash", "-c", f'exec "$@" 3<&{to_it} 4>&{from_it}', "bash", CHROMIUM, *FLAGS.split(), f"--user-data-dir={self._profile}"]
        environment = {"PATH": os.environ["PATH"], "HOME": self._profile}
        self._process = subprocess.Popen(
            command, env=environment, pass_fds=(to_it, from_it), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL
        )
        os.close(to_it)
        os.close(from_it)
        self._unread, self._number = b"", 0
        self._session: str | None = None
        self.console: list[str] = []
        self.loaded: dict[str, int] = {}  # bytes over the wire, by address
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self._addresses: dict[str, str] = {}

    def close(self) -> None:
        os.close(self._to)  # it ends with its pipe
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._from)
        shutil.rmtree(self._profile, ignore_errors=True)

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        end = time.monotonic() + PATIENCE
        while (answer := self._next(end)).get("id") != self._number:
            pass
        if "error" in answer:
            raise AssertionError(f"{method}: {answer['error']}")
        result: dict[str, Any] = answer["result"]
        return result

    def _next(self, end: float) -> dict[str, Any]:
        while b"\0" not in self._unread:
            if not select.select([self._from], [], [], max(0.0, end - time.monotonic()))[0]:
                raise AssertionError("chromium does not answer")
            part = os.read(self._from, 1 << 20)
            if not part:
                raise AssertionError("chromium has ended")
            self._unread += part
        raw, _, self._unread = self._unread.partition(b"\0")
        message: dict[str, Any] = json.loads(raw)
        self._heard(message.get("method", ""), message.get("params", {}))
        return message

    def _heard(self, method: str, said: dict[str, Any]) -> None:
        if method == "Runtime.consoleAPICalled":
            self.console.append(f"{said['type']}: " + " ".join(str(one.get("value", one.get("description", ""))) for one in said["args"]))
        elif method == "Runtime.exceptionThrown":
            details = said["exceptionDetails"]
            self.console.append(f"exception: {details.get('exception', {}).get('description', details['text'])}")
        elif method == "Log.entryAdded":
            self.console.append(f"{said['entry']['level']}: {said['entry']['text']} {said['entry'].get('url', '')}")
        elif method == "Network.requestWillBeSent":
            self._addresses[said["requestId"]] = said["request"]["url"]
        elif method == "Network.loadingFinished" and said["requestId"] in self._addresses:
            self.loaded[self._addresses[said["requestId"]]] = int(said["encodedDataLength"])

    def screen(self, width: int, height: int, dark: bool = False) -> None:
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def open(self, url: str) -> None:
        """And waits until it is there, as far as its own frame goes."""
        self.console.clear()
        self.loaded.clear()
        self.call("Page.navigate", url=url)
        self.wait_for("document.readyState === 'complete' && document.body !== null", url)

    def evaluate(self, expression: str) -> Any:
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise AssertionError(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def text(self) -> str:
        """What the page says, as it is shown."""
        return str(self.evaluate("document.body ? document.body.innerText : ''"))

    def wait_for(self, expression: str, what: str = "") -> Any:
        end = time.monotonic() + PATIENCE
        while True:
            value = self.evaluate(f"(() => {{ try {{ const value = {expression}; return value instanceof Node || value; }} catch {{ return null; }} }})()")
            if value:
                return value
            if time.monotonic() > end:
                raise AssertionError(f"not in time: {what or expression}; the page says: {self.text()[:2000]}")
            time.sleep(0.05)

    def wait_for_text(self, part: str) -> None:
        self.wait_for(f"document.body.innerText.includes({json.dumps(part)})", part)

    def key(self, name: str) -> None:
        codes = {"Tab": 9, "Enter": 13, "Escape": 27, " ": 32, "End": 35, "Home": 36, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40}
        for kind in ("keyDown", "keyUp"):
            text = {"Enter": "\r", " ": " "}.get(name, "") if kind == "keyDown" else ""
            self.call("Input.dispatchKeyEvent", type=kind, key=name, code="Space" if name == " " else name, windowsVirtualKeyCode=codes[name], text=text)

    def move(self, x: float, y: float) -> None:
        self.call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)

    def click(self, x: float, y: float) -> None:
        self.move(x, y)
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def print(self, paper: Path) -> None:
        """The whole page as a PDF."""
        raw = self.call("Page.printToPDF", printBackground=True)["data"]
        paper.write_bytes(base64.b64decode(raw))

    def draw(self, picture: Path, whole: bool = False) -> None:
        """A picture of the screen, or of the whole page."""
        raw = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)["data"]
        picture.write_bytes(base64.b64decode(raw))
