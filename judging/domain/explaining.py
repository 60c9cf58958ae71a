"""Why a plan is as it is, why it cannot be better, or why there is none: from figures to messages.

A :class:`Message` is an English template, which is also the key of its translation, and its values; values that are
messages themselves are worded first. Diagnoses and obstacles are plain documents (as a plan stores them) that name
experts by e-mail and applications by registration number.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple


class Message(NamedTuple):
    """A template and its values; see :func:`worded`."""

    template: str
    params: Mapping[str, Any] = {}


def worded(message: Message, translate: Callable[[str], str]) -> str:
    """Return the message in words; ``translate`` turns one template into its translation."""
    params = {name: _value(value, translate) for name, value in message.params.items()}
    template = translate(message.template)
    return template % params if params else template


def _value(value: Any, translate: Callable[[str], str]) -> Any:
    if isinstance(value, Message):
        return worded(value, translate)
    if isinstance(value, list | tuple):
        return ", ".join(str(_value(item, translate)) for item in value)
    return value
