"""Agreements of experts: texts that every expert of a contest accepts before anything of it opens.

What is written is a draft until it comes into force. From then on every version is frozen under its hash: another text
is the next version, with a reason, and everybody is asked anew.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from judging.domain.canonical import digest
from judging.domain.errors import N_, Fault
from judging.domain.fields.bounds import LONGEST_CODE, LONGEST_TITLE
from judging.domain.fields.codes import CRITERION_CODE, NO_CRITERION_CODE

LONGEST_AGREEMENT = 20_000
"""Characters of a text; one of three pages has some 6,000."""
MOST_AGREEMENTS = 20


@dataclass(frozen=True)
class Agreement:
    """What experts are to accept, in Russian and where it is wanted in English; texts have light marks."""

    code: str
    title: str
    text: str
    title_en: str = ""
    text_en: str = ""


def agreement_document(agreement: Agreement) -> dict[str, Any]:
    """Return the words as the document that a version's hash is taken of."""
    return asdict(agreement)


def agreement_hash(agreement: Agreement) -> str:
    """Return the SHA-256 of the words."""
    return digest(agreement_document(agreement))


def agreement_faults(agreement: Agreement) -> tuple[Fault, ...]:
    """Name everything that is wrong with one agreement; paths start at it."""
    return tuple(_faults(agreement))


def agreements_faults(agreements: Sequence[Agreement]) -> tuple[Fault, ...]:
    """Name everything that is wrong with the agreements of a contest; paths are the keys of the file of settings."""
    faults: list[Fault] = []
    seen: set[str] = set()
    for place, one in enumerate(agreements):
        own = list(_faults(one))
        if one.code in seen:
            own.append(Fault("code", N_("The code %(code)s is used twice"), {"code": one.code}))
        seen.add(one.code)
        faults += [Fault(f"agreements[{place}].{fault.path}", fault.message, fault.params) for fault in own]
    if len(agreements) > MOST_AGREEMENTS:
        faults.append(Fault("agreements", N_("No more than %(most)s agreements"), {"most": MOST_AGREEMENTS}))
    return tuple(faults)


def _faults(agreement: Agreement) -> Iterator[Fault]:
    if not CRITERION_CODE.fullmatch(agreement.code):
        yield Fault("code", NO_CRITERION_CODE)
    for name, message in (("title", N_("The title is empty")), ("text", N_("The text is empty"))):
        if not getattr(agreement, name).strip():
            yield Fault(name, message)
    limits = {
        "code": LONGEST_CODE, "title": LONGEST_TITLE, "title_en": LONGEST_TITLE, "text": LONGEST_AGREEMENT,
        "text_en": LONGEST_AGREEMENT,
    }  # fmt: skip
    for name, limit in limits.items():
        if len(getattr(agreement, name)) > limit:
            yield Fault(name, N_("No more than %(limit)s characters"), {"limit": limit})
