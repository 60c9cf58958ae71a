"""Parts of pages that depend on nothing but their values and the language, rendered once and kept.

A score sheet has ninety radio buttons with the words of their levels, and they are the same for every expert.
"""

from functools import lru_cache
from typing import Any

from flask import Flask
from markupsafe import Markup

from judging.web.kept_texts import language

KEPT = 2_000
"""Fragments of all kinds and languages; those used last stay."""


def register(app: Flask) -> None:
    """Give templates ``kept(template, name=value, …)`` and the filter ``with_checked``.

    The values are hashable, or lists of what is. Values that are equal and written differently (1 and 1.0, text and
    markup) are not the same.
    """

    @lru_cache(maxsize=KEPT)
    def rendered(_language: str, template: str, _written: str, values: tuple[tuple[str, Any], ...]) -> Markup:
        return Markup(app.jinja_env.get_template(template).render(dict(values)))  # noqa: S704 -- a rendered template

    def kept(template: str, **values: Any) -> Markup:
        hashable = tuple((name, tuple(value) if isinstance(value, list) else value) for name, value in values.items())
        return rendered(language(), template, repr(hashable), hashable)

    app.jinja_env.globals["kept"] = kept
    app.jinja_env.filters["with_checked"] = with_checked


def with_checked(fragment: Markup, key: str | None) -> Markup:
    """The fragment with the input whose id is ``key`` checked, which no input of it was; as it is where key is None."""
    if key is None:
        return fragment
    place = fragment.index(f'<input class="mark__input" type="radio" id="{Markup.escape(key)}"')
    end = fragment.index(">", place)
    end -= len(" disabled") if fragment[:end].endswith(" disabled") else 0
    return fragment[:end] + Markup(" checked") + fragment[end:]
