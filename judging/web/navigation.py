"""The signed-in person's main navigation: a table of entries and the permission each takes."""

from typing import Any

from flask import request, url_for
from flask_babel import gettext

from judging.domain.access import DESK, Permission, Scope
from judging.domain.errors import N_
from judging.web.access import allowed

ENTRIES: tuple[tuple[str, str, Permission], ...] = (
    (N_("My applications"), "applications.mine", Permission.SEE_OWN_APPLICATIONS),
    (N_("Team"), "accounts.team", Permission.SEE_TEAM),
    (N_("My reviews"), "scoring.queue", Permission.SEE_QUEUE),
    (N_("Contests"), "contests.index", Permission.SEE_CONTESTS),
    (N_("People"), "accounts.people", Permission.MANAGE_ACCOUNTS),
    (N_("Letters"), "accounts.letters", Permission.READ_LETTERS),
    (N_("Journal"), "journal.everything", Permission.MANAGE_ACCOUNTS),
    (N_("System"), "health.show", Permission.MANAGE_ACCOUNTS),
    (N_("Background jobs"), "health.jobs", Permission.MANAGE_ACCOUNTS),
    (N_("Working days"), "workdays.show", Permission.MANAGE_ACCOUNTS),
)

CONTEST_ENTRIES: tuple[tuple[str, str, Permission], ...] = (
    (N_("Overview"), "contests.overview", Permission.SEE_CONTEST),
    (N_("Rules and rubric"), "contests.rules", Permission.SEE_CONTEST),
    (N_("Application form"), "form_editor.index", Permission.SEE_CONTEST),
    (N_("Deadlines"), "contests.milestones", Permission.SEE_CONTEST),
    (N_("Applications"), "register.index", Permission.SEE_REGISTER),
    (N_("Experts"), "experts.index", Permission.SEE_EXPERTS),
    (N_("Conflicts of interest"), "experts.conflicts", Permission.SEE_CONFLICTS),
    (N_("Assignment"), "assignment.board", Permission.SEE_ASSIGNMENT),
    (N_("Progress"), "assignment.monitor", Permission.SEE_MONITOR),
    (N_("Discussions"), "discussions.index", Permission.SEE_DISCUSSION),
    (N_("Ranking"), "ranking.show", Permission.SEE_RANKING),
    (N_("Firmness"), "firmness.show", Permission.SEE_RANKING),
    (N_("Journal"), "journal.contest", Permission.SEE_JOURNAL),
)

ELSEWHERE: tuple[tuple[str, str], ...] = (
    ("discussions.", "discussions.index"), ("agreed_scores.", "discussions.index"),
    ("register.review", "assignment.monitor"), ("register.return_review", "assignment.monitor"),
    ("register.set_aside", "assignment.monitor"), ("register.count_again", "assignment.monitor"),
)  # fmt: skip
"""How endpoints begin whose addresses do not say which entry they belong to, and that entry's."""


def contest_navigation(contest: Any) -> list[dict[str, Any]]:
    """The entries of one contest's staff pages that the present actor may open; the deepest that fits is current."""
    scope = Scope(contest_id=contest.id)
    entries = [
        {"label": gettext(label), "href": url_for(endpoint, code=contest.code)}
        for label, endpoint, permission in CONTEST_ENTRIES
        if allowed(permission, scope)
    ]
    here = max((str(entry["href"]) for entry in entries if _leads_to(entry["href"])), key=len, default="")
    if named := _named_entry():
        here = url_for(named, code=contest.code)
    return [{**entry, "current": entry["href"] == here} for entry in entries]


def navigation() -> list[dict[str, Any]]:
    """The entries that the present actor may open, as the layout wants them."""
    entries = [
        {"label": gettext(label), "href": url_for(endpoint), "current": _leads_to(url_for(endpoint))}
        for label, endpoint, permission in ENTRIES
        if allowed(permission, DESK)
    ]
    if _named_entry() and not any(entry["current"] for entry in entries):
        homes = (url_for("contests.index"), url_for("scoring.queue"))
        here = next((home for home in homes if any(entry["href"] == home for entry in entries)), "")
        return [{**entry, "current": entry["href"] == here} for entry in entries]
    return entries


def _named_entry() -> str:
    """The entry that the page which is open belongs to whatever its address; empty where the address says it."""
    return next((entry for begins, entry in ELSEWHERE if (request.endpoint or "").startswith(begins)), "")


def _leads_to(href: str) -> bool:
    """Whether the page that is open is at ``href``, whatever it chooses, or below it."""
    return f"{request.path}/".startswith(f"{href.partition('?')[0]}/")
