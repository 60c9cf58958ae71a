"""The letters about tasks: English templates; their translations are in the catalogue of this area.

A letter names no applicant and says nothing of what an application holds: that is read after signing in and declaring.
A reminder names the applications of its reader's own tasks, by number and title.
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
        "%(list)s\n\n"
        "All your tasks: %(link)s\n"
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
REMOVED_BEGUN = Wording(
    N_("A task has been taken off your list"),
    N_(
        "Hello, %(name)s!\n\n"
        "In the contest “%(contest)s” the organiser has taken the review of application %(number)s off your list.\n"
        "What you had written is kept and shown to no other expert; if the application is assigned to you again, you "
        "will find it on your sheet.\n"
        "You need not do anything more about it.\n"
    ),
)
OWN_TASK = N_("№ %(number)s “%(title)s”: %(state)s\n%(link)s")
MORE_TASKS = N_("And %(number)s more in your list.")
