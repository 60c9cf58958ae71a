"""Every text has its Russian translation, and nothing starts with texts that are not those of the sources."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from config import Config
from judging.adapters import translations
from judging.app import create_app

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_the_catalogues_are_complete_and_compiled() -> None:
    done = subprocess.run(
        [sys.executable, "bin/messages.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, "All texts are translated.")


def edit(po: Path) -> None:
    po.write_text(po.read_text("utf-8").replace('msgstr "Место"', 'msgstr "Положение"'), "utf-8")


def lose_the_compiled(po: Path) -> None:
    po.with_suffix(".mo").unlink()


@pytest.mark.parametrize("change", [edit, lose_the_compiled])
def test_nothing_starts_with_texts_that_are_not_those_of_the_sources(
    change: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(translations.FOLDER, tmp_path / "translations")
    monkeypatch.setattr(translations, "FOLDER", tmp_path / "translations")
    assert translations.is_compiled()
    change(translations.po_path())
    with pytest.raises(translations.NotCompiled) as refused:
        create_app(Config.from_environment({"INSTANCE_DIR": str(tmp_path)}))
    assert str(refused.value) == (
        "the Russian texts are not compiled, or not from these sources: "
        "run `make install`, or `python bin/messages.py --compile`"
    )


def test_the_catalogue_stands_in_the_order_of_the_texts() -> None:
    with translations.po_path().open("rb") as file:
        texts = [one.id if isinstance(one.id, str) else one.id[0] for one in read_po(file)][1:]
    assert texts == sorted(set(texts))
