"""The kinds of fields that the objects of a file are made of, and the base of their models."""

import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator

from judging.adapters.addresses import LONGEST_ADDRESS
from judging.adapters.identifiers import inn_fault, ogrn_fault
from judging.adapters.strict_json.notation import decimal_value, instant_value, kopecks_value, timezone_value
from judging.domain.errors import N_, Unfit
from judging.domain.fields.bounds import (
    LONGEST_CODE,
    LONGEST_NAME,
    LONGEST_PROJECT_TITLE,
    LONGEST_TITLE,
    LONGEST_WORD,
)
from judging.domain.identifiers import is_okved, is_region

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_GREATEST_COUNT = 2**31 - 1


class ArchiveObject(BaseModel):
    """An object of a file: exactly the keys that are named, each of exactly the type that is named."""

    model_config = ConfigDict(strict=True, extra="forbid")


def _such_that(holds: Callable[[str], object], message: str) -> Callable[[str], str]:
    def checked(text: str) -> str:
        if not holds(text):
            raise Unfit(message)
        return text

    return checked


def _faultless(fault: Callable[[str], str | None]) -> Callable[[str], str]:
    def checked(text: str) -> str:
        message = fault(text)
        if message:
            raise Unfit(message)
        return text

    return checked


Number = Annotated[Decimal, PlainValidator(decimal_value)]
Money = Annotated[int, PlainValidator(kopecks_value)]
Instant = Annotated[datetime, PlainValidator(instant_value)]
Enumerated = Field(strict=False)
"""An enumeration is read from its text; strict reading would want the Python member."""
Count = Annotated[int, Field(ge=0, le=_GREATEST_COUNT)]
Timezone = Annotated[str, AfterValidator(timezone_value)]

_FILLED = AfterValidator(_such_that(str.strip, N_("empty")))
Code = Annotated[str, Field(max_length=LONGEST_CODE), _FILLED]
"""A short key: of a contest, a criterion, a cluster, an application."""
ContestCode = Annotated[
    Code, AfterValidator(_such_that(lambda code: "/" not in code, N_("a slash cannot stand in the address of a page")))
]
Title = Annotated[str, Field(max_length=LONGEST_TITLE), _FILLED]
ProjectTitle = Annotated[str, Field(max_length=LONGEST_PROJECT_TITLE), _FILLED]
PersonName = Annotated[str, Field(max_length=LONGEST_NAME), _FILLED]
Word = Annotated[str, Field(max_length=LONGEST_WORD)]
"""A free word such as an industry or a partner's role; it may be empty."""

Inn = Annotated[str, AfterValidator(_faultless(inn_fault))]
Ogrn = Annotated[str, AfterValidator(_faultless(ogrn_fault))]
Region = Annotated[str, AfterValidator(_such_that(is_region, N_("not the two-digit code of a region")))]
Okved = Annotated[str, AfterValidator(_such_that(is_okved, N_("not an OKVED 2 code such as 28.41")))]
Email = Annotated[
    str, Field(max_length=LONGEST_ADDRESS), AfterValidator(_such_that(_EMAIL.fullmatch, N_("not an e-mail address")))
]  # fmt: skip
