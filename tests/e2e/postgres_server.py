"""A PostgreSQL server for the tests of one program, by tests/postgres/server, which ends it whichever way they end."""

from __future__ import annotations

import atexit
import json
import subprocess
import unittest
from typing import Any, Optional

from sm2_binary import ROOT, Sm2Test


class PostgresServer:
    _shared: Optional[PostgresServer] = None

    @classmethod
    def shared(cls) -> PostgresServer:
        """Started when it is first wanted. Skips the test, aloud, where there is none."""
        if cls._shared is None:
            cls._shared = cls()
        if cls._shared.absent:
            raise unittest.SkipTest(f"NOT TESTED ON POSTGRESQL: {cls._shared.absent}")
        return cls._shared

    def __init__(self) -> None:
        script = str(ROOT / "tests" / "postgres" / "server")
        self._process = subprocess.Popen([script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        atexit.register(self._end)
        line = self._read()
        port, _, folder = line.partition(" ")
        self.absent = "" if port.isdigit() else line
        self.port, self.folder = port, folder
        self._databases = 0

    def _end(self) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait(60)
        self._process.stdout.close()

    def _read(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().rstrip("\n")

    def _obey(self, line: str) -> str:
        assert self._process.stdin
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return self._read()

    def fresh_database(self) -> str:
        """The name of an empty one, of user sm2's."""
        self._databases += 1
        name = f"sm2_{self._databases}"
        self._obey(f"database {name}")
        return name

    def sql(self, database: str, statement: str) -> str:
        """As superuser; the last line of the output."""
        return self._obey(f"sql {database} {statement}")

    def restart(self, mode: str) -> None:
        """ "fast" or "immediate", which is a crash."""
        self._obey(f"restart {mode}")

    def stop(self, mode: str = "fast") -> None:
        self._obey(f"stop {mode}")

    def start(self) -> None:
        self._obey("start")


class PostgresTest(Sm2Test):
    """A test with an empty database, `self.store`; what is read of a study comes from there."""

    def setUp(self) -> None:
        self.server = PostgresServer.shared()
        super().setUp()
        self.database = self.server.fresh_database()
        self.store = f"postgresql://sm2@127.0.0.1:{self.server.port}/{self.database}"
        self.environment["PGPASSWORD"] = "secret"

    def events(self, kind: str) -> list[dict[str, Any]]:
        bodies = self.server.sql(
            self.database,
            f"SELECT coalesce(json_agg(body ORDER BY study, seq), '[]') FROM sm2.events WHERE kind = '{kind}'",
        )
        return [json.loads(body) for body in json.loads(bodies)]

    def json(self, *arguments: str) -> Any:
        return super().json(*arguments, "--store", self.store)

    def trials(self, *arguments: str) -> list[dict[str, Any]]:
        return super().trials(*arguments, "--store", self.store)

    def end_sessions(self) -> None:
        self.server.sql("postgres", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'sm2 %'")
