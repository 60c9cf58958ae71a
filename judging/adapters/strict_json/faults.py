"""What the schema library says, in our words: every error becomes a fault with its path in the file."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from judging.adapters.strict_json.notation import path_text
from judging.domain.errors import N_, Fault, Unfit

MESSAGES: Mapping[str, str] = {
    "missing": N_("missing"),
    "extra_forbidden": N_("unknown key"),
    "string_type": N_("not text"),
    "string_too_long": N_("longer than %(max_length)s characters"),
    "int_type": N_("not a whole number"),
    "greater_than_equal": N_("less than %(ge)s"),
    "less_than_equal": N_("greater than %(le)s"),
    "bool_type": N_("not true or false"),
    "list_type": N_("not a list"),
    "dict_type": N_("not an object"),
    "model_type": N_("not an object"),
    "model_attributes_type": N_("not an object"),
    "enum": N_("not one of %(expected)s"),
    "literal_error": N_("not one of %(expected)s"),
    "union_tag_invalid": N_("not one of %(expected_tags)s"),
    "union_tag_not_found": N_("missing"),
}
"""A message for every type of error that the models can give rise to."""

_NO_KIND = ("union_tag_invalid", "union_tag_not_found")


def faults_of(error: ValidationError, *prefix: str | int) -> Iterator[Fault]:
    """Yield a fault for every error, its path counted from ``prefix``."""
    for detail in error.errors(include_url=False, include_input=False):
        yield _fault(detail, prefix)


def criterion_faults(error: ValidationError, *prefix: str | int) -> Iterator[Fault]:
    """Yield the faults of a criterion, in whose places the library puts the kind it was read by."""
    return _of_kinds("kind", error, prefix)


def receipt_faults(error: ValidationError, *prefix: str | int) -> Iterator[Fault]:
    """Yield the faults of a receipt, in whose places the library puts the version it was read by."""
    return _of_kinds("version", error, prefix)


def _of_kinds(key: str, error: ValidationError, prefix: tuple[str | int, ...]) -> Iterator[Fault]:
    for detail in error.errors(include_url=False, include_input=False):
        place = (key,) if detail["type"] in _NO_KIND else detail["loc"][1:]
        yield _fault({**detail, "loc": place}, prefix)


def _fault(detail: ErrorDetails, prefix: tuple[str | int, ...]) -> Fault:
    path = path_text(*prefix, *detail["loc"])
    context: dict[str, Any] = detail.get("ctx", {})
    unfit = context.get("error")
    if isinstance(unfit, Unfit):
        return Fault(path, unfit.message, unfit.params)
    params = {name: _listed(str(value)) for name, value in context.items()}
    message = MESSAGES[detail["type"]]
    return Fault(path, message, params if "%(" in message else {})


def _listed(value: str) -> str:
    """Write the library's «'a', 'b' or 'c'» without words of any language: «a, b, c»."""
    return value.replace("'", "").replace(" or ", ", ")
