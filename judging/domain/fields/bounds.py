"""How long a text may be, how great a number, how many rows: one bound for the forms, the archive and the services.

The sum of money is bounded in :mod:`judging.domain.fields.numbers`, the year in :mod:`judging.domain.fields.instants`,
the comment of a sheet in :mod:`judging.domain.sheets`.
"""

LONGEST_CODE = 40
"""Of a contest, a nomination, a criterion, a cluster, an application."""
LONGEST_TITLE = 500
"""Of a contest, a nomination, a criterion, an organisation, a cluster."""
LONGEST_PROJECT_TITLE = 300
LONGEST_NAME = 200
"""Of a person."""
LONGEST_WORD = 200
"""An industry, or the role of a partner."""
LONGEST_REASON = 2000
"""Why somebody does not judge: of a conflict, and of a task that was taken off."""

MOST_TOPICS = 20
"""ОКВЭД2 codes of an application or an expert."""
MOST_PARTNERS = 100
MOST_BANDS = 30
MOST_TIE_BREAKERS = 20
MOST_NOMINATIONS = 30
MOST_FORMS, MOST_SUBMISSIONS = 100, 100
"""Versions of a contest's form, and submissions of one application, in an archive."""
LARGEST_RECEIPT = 4 << 20
"""Bytes of the canonical JSON of one submission; the whole form of ПП 41 answered has some 20,000."""

GREATEST_LOAD = 1000
"""Applications of one expert."""
MOST_EXPERTS = 20
"""Experts per application."""
MOST_WINNERS = 10_000
