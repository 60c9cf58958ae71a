"""How long to wait before another attempt, in words."""

from flask_babel import ngettext


def in_words(seconds: int) -> str:
    """«Try again in 8 seconds», «… in 2 minutes»."""
    if seconds < 60:
        return ngettext(
            "Too many attempts. Try again in %(num)d second; nobody's account is locked.",
            "Too many attempts. Try again in %(num)d seconds; nobody's account is locked.",
            seconds,
        )
    return ngettext(
        "Too many attempts. Try again in %(num)d minute; nobody's account is locked.",
        "Too many attempts. Try again in %(num)d minutes; nobody's account is locked.",
        -(-seconds // 60),
    )
