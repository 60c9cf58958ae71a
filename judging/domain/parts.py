"""A contest split into its nominations: each part is a contest of its own, ranked by what knows of no other part.

So places, relative bases and money cannot leak from one nomination into another. A contest without nominations is one
part: itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from judging.domain.nominations import Nomination, judged_criteria, rules_in
from judging.domain.record import ContestRecord, ContestTerms


@dataclass(frozen=True)
class Part:
    """A contest that is ranked as a whole; ``nomination`` None: it is all of the contest."""

    nomination: Nomination | None
    record: ContestRecord

    @property
    def code(self) -> str | None:
        """The code of its nomination."""
        return None if self.nomination is None else self.nomination.code


def split(record: ContestRecord) -> tuple[Part, ...]:
    """Return the parts of a contest in the order of its nominations; without nominations the record itself.

    Organisations, clusters and experts are common. A frozen base is a constant of the rules and holds in each part.
    """
    if not record.contest.nominations:
        return (Part(None, record),)
    return tuple(_parts(record))


def terms_in(terms: ContestTerms, nomination: Nomination | None) -> ContestTerms:
    """Return a contest's terms as they are in a nomination, which has no nominations; None: as they are."""
    if nomination is None:
        return terms
    criteria = judged_criteria(terms.criteria, nomination)
    codes = {item.code for item in criteria}
    base = terms.frozen_base
    return replace(
        terms,
        budget=nomination.budget,
        criteria=criteria,
        rules=rules_in(terms.rules, nomination, criteria),
        frozen_base=None if base is None else {code: value for code, value in base.items() if code in codes},
        nominations=(),
    )


def _parts(record: ContestRecord) -> Iterator[Part]:
    home = {item.number: item.nomination for item in record.applications}
    for nomination in record.contest.nominations:
        code = nomination.code
        own = replace(
            record,
            contest=terms_in(record.contest, nomination),
            applications=tuple(item for item in record.applications if item.nomination == code),
            conflicts=tuple(item for item in record.conflicts if home.get(item.application) == code),
            reviews=tuple(item for item in record.reviews if home.get(item.application) == code),
            agreed=tuple(item for item in record.agreed if home.get(item.application) == code),
        )
        yield Part(nomination, own)
