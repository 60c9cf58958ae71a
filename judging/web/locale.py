"""The choice of the language of a page: as chosen in this browser, else by the account, else Russian."""

from flask import session
from flask_login import current_user

LANGUAGES = ("ru", "en")


def choose_locale() -> str:
    """The language chosen in this browser, else the account's, else Russian. The browser's own wish is not asked."""
    chosen = session.get("locale")
    if chosen in LANGUAGES:
        return str(chosen)
    if current_user and current_user.is_authenticated:
        return str(current_user.locale)
    return "ru"
