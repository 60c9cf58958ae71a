"""The browser's scripts are linted, and the rules bite."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OXLINT = Path(sys.executable).with_name("oxlint")


def found_in(*paths: Path) -> list[str]:
    """The codes of everything that the linter objects to, with the rules of the product."""
    done = subprocess.run(
        [str(OXLINT), "--config", str(ROOT / ".oxlintrc.json"), "--format", "json", *map(str, paths)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return sorted(fault["code"] for fault in json.loads(done.stdout)["diagnostics"])


def test_the_scripts_have_no_faults() -> None:
    assert found_in(ROOT / "judging" / "static" / "js") == []


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("export const f = (text) => eval(text);", "eslint(no-eval)"),
        ("export const f = (text) => new Function(text);", "eslint(no-new-func)"),
        ("export const f = (text) => setTimeout('f(' + text + ')', 1);", "eslint(no-implied-eval)"),
        ("export const f = (place, text) => { place.innerHTML = text; };", "eslint(no-restricted-properties)"),
        (
            "export const f = (place, text) => place.insertAdjacentHTML('end', text);",
            "eslint(no-restricted-properties)",
        ),
        ("export const f = () => nothing.of.this.name;", "eslint(no-undef)"),
        ("const unused = 1;", "eslint(no-unused-vars)"),
        ("export const f = (a, b) => a == b;", "eslint(eqeqeq)"),
        ("export const f = () => console.log('here');", "eslint(no-console)"),
    ],
)
def test_the_rules_object_to(tmp_path: Path, script: str, code: str) -> None:
    planted = tmp_path / "planted.js"
    planted.write_text(script + "\n", encoding="utf-8")
    assert found_in(planted) == [code]
