"""The application starts without the solvers, which only plans need; openpyxl brings numpy along."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOADED = """
import sys
from importlib import import_module
from judging.app import AREAS, create_app
import judging.cli.assign
for area in AREAS:
    import_module(f"judging.web.{area}.views")
print(*sorted({"numba", "scipy", "highspy", "ortools"} & set(sys.modules)))
"""


def test_pages_and_commands_load_no_solver() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
