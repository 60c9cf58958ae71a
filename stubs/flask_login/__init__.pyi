# What the product calls of Flask-Login; tests/architecture/test_stubs.py compares it.
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from flask import Flask

_Loader = TypeVar("_Loader", bound=Callable[..., Any])

class AnonymousUserMixin: ...

class LoginManager:
    session_protection: str | None
    login_view: str | None
    def __init__(self, app: Flask | None = None, add_context_processor: bool = True) -> None: ...
    def init_app(self, app: Flask, add_context_processor: bool = True) -> None: ...
    def user_loader(self, callback: _Loader) -> _Loader: ...

# A proxy of whoever the application's own loader gives.
current_user: Any

def login_user(
    user: object,
    remember: bool = False,
    duration: timedelta | None = None,
    force: bool = False,
    fresh: bool = True,
) -> bool: ...
def logout_user() -> bool: ...
