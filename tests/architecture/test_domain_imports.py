"""The rules need nothing but the standard library: every module imports on a bare interpreter."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOMAIN = ROOT / "judging" / "domain"
MODULES = sorted(
    ".".join(("judging.domain", *path.relative_to(DOMAIN).with_suffix("").parts)).removesuffix(".__init__")
    for path in DOMAIN.rglob("*.py")
)


@pytest.mark.parametrize("module", MODULES)
def test_module_imports_without_installed_packages(module):
    bare = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import {module}"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", bare], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_there_are_modules_to_import():
    expected = {"judging.domain", "judging.domain.ranking", "judging.domain.firmness", "judging.domain.firmness.report"}
    assert expected - set(MODULES) == set()
