"""Copies of what was typed, which wait in the browser until the server has it (static/js/autosave).

A copy belongs to one person: its key has a mark of theirs, which says nothing to anybody else and is the same on every
page. A form that a button sends names its copy in the field ``copy``; the address that it then leads to says that it
was kept, in its fragment, which no server and no log sees.
"""

import hmac
import re
from hashlib import sha256

from flask import Flask, current_app, request

from judging.web.access import current_actor

FIELD = "copy"
_NAME = re.compile("[0-9a-f]{16}")
LETTERS = 20


def register(app: Flask) -> None:
    """Let templates name the owner of copies."""
    app.jinja_env.globals["copies_of"] = copies_of


def copies_of() -> str:
    """The mark of the person who is signed in; empty for a visitor."""
    user = current_actor().user_id
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return "" if user is None else hmac.new(secret, f"copies of {user}".encode(), sha256).hexdigest()[:LETTERS]


def acknowledged(address: str) -> str:
    """The address with the word that the copy which the form names was kept."""
    name = request.form.get(FIELD, "")
    return f"{address}#kept-{name}" if _NAME.fullmatch(name) and "#" not in address else address
