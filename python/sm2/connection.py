"""Lines over a Unix stream socket, for a program that must never be held up or killed by its peer.

After connecting nothing here raises: a lost peer is a state. Python ignores SIGPIPE, so no signal is raised either.
"""

from __future__ import annotations

import select
import socket
from typing import Optional


class Connection:
    def __init__(self, path: str) -> None:
        """Raises OSError where nobody listens at `path`."""
        self.lost = False
        self._unsent = b""
        self._received = b""
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._socket.connect(path)
        except OSError:
            self._socket.close()
            raise
        # What waits in recv is also woken, for nothing, when its peer has read what was sent; and the peer waits until that is done.
        self._readable = select.poll()
        self._readable.register(self._socket, select.POLLIN)

    def close(self) -> None:
        self.lost = True
        self._socket.close()

    def offer(self, line: bytes) -> None:
        """Without waiting: the line is left out if the peer does not keep up."""
        self._flush(wait=False)
        if self.lost or self._unsent:
            return
        self._unsent = line + b"\n"
        whole = len(self._unsent)
        self._flush(wait=False)
        if len(self._unsent) == whole:
            self._unsent = b""

    def send(self, line: bytes) -> None:
        """Waits for room in the socket's buffer."""
        if self.lost:
            return
        self._unsent += line + b"\n"
        self._flush(wait=True)

    def poll_line(self) -> Optional[bytes]:
        """The next complete line that is there already."""
        return self._next_line(wait=False)

    def wait_line(self) -> Optional[bytes]:
        """The next line; None only when the peer is lost."""
        return self._next_line(wait=True)

    def _flush(self, wait: bool) -> None:
        flags = 0 if wait else socket.MSG_DONTWAIT
        while self._unsent and not self.lost:
            try:
                sent = self._socket.send(self._unsent, flags)
            except BlockingIOError:
                return
            except OSError:
                self.lost = True
                return
            self._unsent = self._unsent[sent:]

    def _next_line(self, wait: bool) -> Optional[bytes]:
        flags = 0 if wait else socket.MSG_DONTWAIT
        while True:
            line, newline, rest = self._received.partition(b"\n")
            if newline:
                self._received = rest
                return line
            if self.lost:
                return None
            if wait:
                self._readable.poll()
            try:
                got = self._socket.recv(4096, flags)
            except BlockingIOError:
                return None
            except OSError:
                got = b""
            if not got:
                self.lost = True
                return None
            self._received += got
