"""The letters about tasks: English templates; their translations are in the catalogue of this area.

A letter names no application and no applicant: what an expert may read is read after signing in and declaring.
"""

from judging.domain.errors import N_
from judging.services.letters import Wording

ASSIGNED = Wording(
    N_("Applications have been assigned to you for review"),
    N_(
        "Hello, %(name)s!\n\n"
        "In the contest “%(contest)s” applications have been assigned to you.\n"
        "New tasks: %(tasks)s.\n"
        "Reviews are accepted until %(until)s.\n\n"
        "Before you can read an application, declare whether you have a conflict of interest.\n"
        "Your tasks: %(link)s\n"
    ),
)
REMINDER = Wording(
    N_("Reviews are waiting for you"),
    N_(
        "Hello, %(name)s!\n\n"
        "In the contest “%(contest)s” you have reviews that are not handed in yet.\n"
        "Unfinished tasks: %(tasks)s.\n"
        "Reviews are accepted until %(until)s.\n\n"
        "Your tasks: %(link)s\n"
    ),
)
REMOVED = Wording(
    N_("A task has been taken off your list"),
    N_(
        "Hello, %(name)s!\n\n"
        "In the contest “%(contest)s” the organiser has taken the review of application %(number)s off your list.\n"
        "You need not do anything more about it.\n"
    ),
)
ASKED_AGAIN = Wording(
    N_("A task that you refused is given to you again"),
    N_(
        "Hello, %(name)s!\n\n"
        "In the contest “%(contest)s” the organiser asks you to review application %(number)s after all.\n"
        "What you had written on its score sheet is kept.\n\n"
        "Your tasks: %(link)s\n"
    ),
)
