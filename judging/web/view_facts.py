"""Attributes that decorators set on view functions, read by the phases of a request and the tests over routes."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

View = TypeVar("View", bound=Callable[..., Any])


def with_facts(view: View, **facts: Any) -> View:
    """Note facts on a view and return it: ``with_facts(view, reads=True).reads``."""
    vars(view).update(facts)
    return view


def wrapped(view: View, guarded: Callable[..., Any], **facts: Any) -> View:
    """Return what :func:`functools.wraps` made of a view as one of its kind, with facts noted on it."""
    return with_facts(cast(View, guarded), **facts)
