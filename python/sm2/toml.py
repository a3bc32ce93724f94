"""TOML 1.0 as far as a study file needs it: tables of texts, numbers, booleans, lists and inline tables.

Any text may be a value or a key: it is quoted and escaped. Errors: ValueError for what TOML cannot hold (a number that
is not finite or has more than 64 bits, half of a surrogate pair), TypeError for other types.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any, Mapping

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def document(tables: Mapping[str, Mapping[str, Any]]) -> str:
    """A key a line; keys and tables whose value is None are left out."""
    lines = []
    for table, entries in tables.items():
        lines.append(f"[{_key(table)}]")
        lines += [f"{_key(key)} = {_value(value)}" for key, value in entries.items() if value is not None]
        lines.append("")
    return "\n".join(lines)


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int):
        if not -(2**63) <= value < 2**63:
            raise ValueError(f"{value} has more than 64 bits")
        return str(int(value))
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"{value} is not a finite number")
        return repr(float(value))
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, Mapping):
        entries = (f"{_key(key)} = {_value(item)}" for key, item in value.items() if item is not None)
        return "{ " + ", ".join(entries) + " }"
    raise TypeError(f"a study file has texts, numbers, booleans, lists and tables, not {value!r}")


def _text(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError(f"{text!r} is no Unicode text") from None
    # The escapes of JSON are TOML's too; DEL is the one character that JSON leaves as it is.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
