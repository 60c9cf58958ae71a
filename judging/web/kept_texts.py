"""Translations as pages need them: a thousand a page, so each text is looked up and made safe once a language.

Flask-Babel finds the request's language and catalogue anew for every text, and Jinja wraps and fills it anew; on a page
of a hundred rows that was a third of the time. What a text says is the same.
"""

from typing import Any

from babel.support import NullTranslations, Translations
from flask import Flask, g
from flask_babel import Babel, Domain, get_locale
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

MOST_TEXTS = 20_000
"""Texts that are kept of one language; the product has some thousands."""


def language() -> str:
    """The language of the request, by its two letters."""
    held = g._get_current_object().__dict__.get("_flask_babel")
    locale = getattr(held, "babel_locale", None) or get_locale()
    return str(locale.language) if locale else "en"


class Texts(dict[str, str]):
    """The texts of one language by their English template, each looked up once: as they are, and for pages.

    ``safe`` are ready to be filled with values on a page, ``whole`` are those that take none.
    """

    def __init__(self, translations: Translations | NullTranslations) -> None:
        super().__init__()
        self._translations = translations
        self.safe: dict[str, Markup] = {}
        self.whole: dict[str, Markup] = {}

    def __missing__(self, message: str) -> str:
        text = str(self._translations.ugettext(message))
        if len(self) < MOST_TEXTS:
            self[message] = text
        return text

    def said(self, message: str, values: dict[str, Any]) -> Markup:
        """The text on a page, filled with ``values``."""
        known = self.safe if values else self.whole
        text = known.get(message)
        if text is None:
            text = Markup(self[message])  # noqa: S704 -- our own catalogues
            text = text if values else text % {}
            if len(known) < MOST_TEXTS:
                known[message] = text
        return text % values if values else text


class Sentences(Domain):
    """The product's catalogues, one a language."""

    def __init__(self) -> None:
        super().__init__()
        self._texts: dict[str, Texts] = {}
        self._loaded: dict[str, Translations | NullTranslations] = {}

    def get_translations(self) -> Translations | NullTranslations:
        """Return the catalogue of the request's language."""
        if not g:
            return NullTranslations()
        spoken = language()
        if spoken not in self._loaded:
            self._loaded[spoken] = super().get_translations()
        return self._loaded[spoken]

    def texts(self) -> Texts:
        """Return the texts of the request's language."""
        spoken = language()
        found = self._texts.get(spoken)
        if found is None:
            found = self._texts[spoken] = Texts(self.get_translations())
        return found

    def gettext(self, string: str, **variables: Any) -> str:
        """Return a text in the request's language, filled with values where there are any."""
        text = self.texts()[string] if g else string
        return text % variables if variables else text


def register(app: Flask) -> None:
    """Let the application and its templates say their texts by way of these tables."""
    babel: Babel = app.extensions["babel"].instance
    sentences = babel.domain_instance = Sentences()

    @pass_eval_context
    def say(context: EvalContext, message: str, /, **values: Any) -> str:
        if context.autoescape:
            return sentences.texts().said(message, values)
        return sentences.texts()[message] % values

    app.jinja_env.globals.update(_=say, gettext=say)
