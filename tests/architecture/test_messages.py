"""Every text has its Russian translation, and the compiled catalogues are those of the sources."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_catalogues_are_complete_and_compiled() -> None:
    done = subprocess.run(
        [sys.executable, "bin/messages.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, "All texts are translated.")
