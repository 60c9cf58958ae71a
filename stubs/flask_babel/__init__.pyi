# What the product calls of Flask-Babel; tests/architecture/test_stubs.py compares it.
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from babel import Locale
from babel.support import NullTranslations, Translations
from flask import Flask

class Domain:
    def __init__(self, translation_directories: list[str] | None = None, domain: str = "messages") -> None: ...
    def get_translations(self) -> Translations | NullTranslations: ...
    def gettext(self, string: str, **variables: Any) -> str: ...

class Babel:
    @cached_property
    def domain_instance(self) -> Domain: ...
    def __init__(
        self,
        app: Flask | None = None,
        date_formats: dict[str, str | None] | None = None,
        configure_jinja: bool = True,
        *args: Any,
        **kwargs: Any,
    ) -> None: ...
    def init_app(
        self,
        app: Flask,
        default_locale: str = "en",
        default_domain: str = "messages",
        default_translation_directories: str = "translations",
        default_timezone: str = "UTC",
        locale_selector: Callable[[], str | None] | None = None,
        timezone_selector: Callable[[], str | None] | None = None,
    ) -> None: ...

def get_locale() -> Locale | None: ...
def force_locale(locale: Locale | str) -> AbstractContextManager[None]: ...
def format_date(date: date | datetime | None = None, format: str | None = None, rebase: bool = True) -> str: ...
def format_decimal(number: Decimal | float, format: str | None = None) -> str: ...
def gettext(*args: Any, **kwargs: Any) -> str: ...
def ngettext(*args: Any, **kwargs: Any) -> str: ...

# Truly a LazyString, which stands wherever a library asks for a str and becomes one when it is shown.
def lazy_gettext(*args: Any, **kwargs: Any) -> Any: ...
