"""The form's own words in the language of the page; where there are no English ones the Russian are marked as such."""

from typing import Any

from flask import Flask
from markupsafe import Markup, escape

from judging.web.kept_texts import language

RUSSIAN = Markup('<span lang="ru">{}</span>')


def said(thing: Any, key: str) -> str:
    """The text ``key`` of a field, a section, an option, as plain text."""
    english = getattr(thing, f"{key}_en", "") if language() == "en" else ""
    return str(english or getattr(thing, key))


def shown(thing: Any, key: str) -> Markup:
    """The same on a page: words in another language than the page's are marked with theirs."""
    text = escape(said(thing, key))
    if text and language() == "en" and not getattr(thing, f"{key}_en", ""):
        return RUSSIAN.format(text)
    return text


def labelled(asked: Any) -> Markup:
    """The label of a field with its unit, as it stands before a value or over a column."""
    unit = shown(asked, "unit")
    return shown(asked, "label") + Markup(", ") + unit if unit else shown(asked, "label")


def register(app: Flask) -> None:
    """Give templates the filter ``said_on_page``: ``section|said_on_page("title")``."""
    app.jinja_env.filters["said_on_page"] = shown
