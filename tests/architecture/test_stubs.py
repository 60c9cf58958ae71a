"""The types written here for libraries that have none say of them what is so."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

STUBS = Path(__file__).resolve().parents[2] / "stubs"


@pytest.mark.slow
def test_hand_written_stubs_agree_with_the_installed_libraries(tmp_path: Path) -> None:
    packages = sorted(path.name for path in STUBS.iterdir())
    assert packages == ["flask_babel", "flask_login", "flask_wtf"]
    done = subprocess.run(
        [sys.executable, "-m", "mypy.stubtest", "--concise", "--ignore-missing-stub", *packages],
        cwd=tmp_path,
        env=os.environ | {"MYPYPATH": str(STUBS)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
