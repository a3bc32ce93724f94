"""Which Python of this machine has PyTorch: the running one, or the system's."""

from __future__ import annotations

import functools
import importlib.util
import subprocess
import sys
from typing import Optional


@functools.lru_cache(maxsize=None)
def interpreter() -> Optional[str]:
    if importlib.util.find_spec("torch"):
        return sys.executable
    try:
        ended = subprocess.run(["/usr/bin/python3", "-c", "import torch"], capture_output=True, check=False)
    except OSError:
        return None
    return "/usr/bin/python3" if ended.returncode == 0 else None
