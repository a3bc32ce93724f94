"""The Python client as a wheel: built without a network, installed by pip into an environment of its own, and imported there."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PYTHON = "/usr/bin/python3"  # for which Debian's packages are


def ready() -> bool:
    try:
        return subprocess.run([PYTHON, "-c", "import build, ensurepip, setuptools, wheel"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


@unittest.skipUnless(ready(), "THE WHEEL IS NOT TESTED: dev/setup python3-build python3-wheel python3-setuptools python3-venv installs what builds it")
class WheelTest(unittest.TestCase):
    def test_it_is_built_offline_and_can_be_imported(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            shutil.copytree(ROOT / "python", folder / "source", ignore=shutil.ignore_patterns("__pycache__", "build", "*.egg-info"))
            self.run_here(folder, "-m", "build", "--wheel", "--no-isolation", "--outdir", "dist", "source")
            (wheel,) = (folder / "dist").glob("sm2-*-py3-none-any.whl")
            self.run_here(folder, "-m", "venv", "place")
            installed = str(folder / "place" / "bin" / "python")
            self.run_here(folder, "-m", "pip", "install", "--quiet", "--no-index", str(wheel), python=installed)
            seen = self.run_here(folder, "-c", "import sm2, sm2.tuning; print(sm2.__file__, sm2.trial().active)", python=installed)
            package, active = seen.split()
            self.assertTrue(Path(package).is_relative_to(folder / "place"), package)
            self.assertEqual(active, "False")
            self.assertTrue(Path(package).with_name("py.typed").exists())
            version = self.run_here(folder, "-c", "import importlib.metadata as m; print(m.version('sm2'))", python=installed)
            self.assertIn(f"VERSION {version.strip()} ", (ROOT / "CMakeLists.txt").read_text(), "the version of sm2 itself")

    def run_here(self, folder: Path, *arguments: str, python: str = PYTHON) -> str:
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("SM2_", "PYTHON"))}
        ended = subprocess.run([python, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False)
        self.assertEqual(ended.returncode, 0, ended.stdout + ended.stderr)
        return ended.stdout


if __name__ == "__main__":
    unittest.main()
