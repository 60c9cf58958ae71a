"""The names of activities and products beside their codes: from the installation's files, or of the classes alone."""

import logging
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask, current_app

from judging.adapters.classifiers import Classifier, read_classifier
from judging.domain.okved import CLASSES, title_of
from judging.web.kept_texts import language
from judging.web.templating import translate

FOLDER = "classifiers"
FILES = {"okved": "okved2.csv", "okpd": "okpd2.csv"}
logger = logging.getLogger(__name__)


@dataclass
class Classifiers:
    """The files of a folder, each read again when it was changed."""

    folder: Path
    _read: dict[str, tuple[float, Classifier | None]] = field(default_factory=dict)

    def of(self, which: str) -> Classifier | None:
        """The classifier; None where the installation has no file of it, or none that can be read."""
        path = self.folder / FILES[which]
        try:
            changed = path.stat().st_mtime
        except OSError:
            return None
        known = self._read.get(which)
        if known is None or known[0] != changed:
            known = self._read[which] = (changed, _read(path))
        return known[1]


def _read(path: Path) -> Classifier | None:
    try:
        return read_classifier(path)
    except (OSError, ValueError) as error:
        logger.warning("the classifier was not read: %s", error)
        return None


def register(app: Flask) -> None:
    """Keep the classifiers of the installation."""
    app.extensions["classifiers"] = Classifiers(app.config["JUDGING"].instance_dir / FOLDER)


def classifier(which: str) -> Classifier | None:
    """The installation's classifier; None where it has none."""
    classifiers: Classifiers = current_app.extensions["classifiers"]
    return classifiers.of(which)


def activity_name(code: str) -> str:
    """What a code of ОКВЭД2 is called; where only its class is known, that."""
    whole = classifier("okved")
    named = whole.names.get(code) if whole else None
    title = title_of(code)
    return named or (translate(title) if title else "")


def product_name(code: str) -> str:
    """What a code of ОКПД2 is called; empty where the installation has no such classifier."""
    whole = classifier("okpd")
    return whole.names.get(code, "") if whole else ""


def search_activities(query: str) -> list[tuple[str, str]]:
    """Activities by code or words: out of the whole classifier, else out of the classes that the product knows."""
    return (classifier("okved") or _classes(language())).search(query)


def _classes(spoken: str) -> Classifier:
    if spoken not in _CLASSES:
        _CLASSES[spoken] = Classifier({code: translate(title) for code, title in CLASSES.items()})
    return _CLASSES[spoken]


_CLASSES: dict[str, Classifier] = {}
