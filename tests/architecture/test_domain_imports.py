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


ALONE = """
import importlib, sys, traceback
sys.path.insert(0, sys.argv[1])
for module in sys.argv[2:]:
    for loaded in [name for name in sys.modules if name.partition(".")[0] == "judging"]:
        del sys.modules[loaded]
    try:
        importlib.import_module(module)
    except Exception:
        print(module, traceback.format_exc())
"""
"""Imports each module as if it were the first one, and tells of those that cannot be."""


@pytest.mark.slow
def test_every_module_imports_alone_and_without_installed_packages():
    bare = [sys.executable, "-I", "-S", "-c", ALONE, str(ROOT), *MODULES]
    done = subprocess.run(bare, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_there_are_modules_to_import():
    expected = {"judging.domain", "judging.domain.ranking", "judging.domain.firmness", "judging.domain.firmness.report"}
    assert expected - set(MODULES) == set()
