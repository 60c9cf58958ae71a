"""The discussion as one reader sees it: their audiences, everybody's name for them, messages in threads."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import g
from flask_babel import gettext

from judging.domain.access import ROLE_LABELS, Role, roles_at
from judging.domain.discussion import (
    DiscussionRules,
    MessageAudience,
    may_be_edited,
    read_by,
    written_by,
)
from judging.domain.gates import Act, is_open
from judging.domain.mentions import Piece, kept_text, pieces, typed_text
from judging.extensions import db
from judging.models import Application
from judging.queries import discussions as queries
from judging.queries.discussions import MessageRow, Participant
from judging.services.discussions import Author
from judging.web.access import current_actor
from judging.web.clock import arrived
from judging.web.expert_words import expert_words
from judging.web.templating import translate


@dataclass(frozen=True)
class Shown:
    """A message as it stands on the page; ``answers`` are the messages of its thread."""

    row: MessageRow
    author: str
    role: str
    pieces: tuple[Piece, ...]
    earlier: tuple[tuple[tuple[Piece, ...], Any], ...]
    mine: bool
    editable: bool
    unread: bool
    answers: "tuple[Shown, ...]" = ()


class Reader:
    """Whoever opened the page, and what follows from it for this application."""

    def __init__(self, application: Application) -> None:
        self.application, self.actor = application, current_actor()
        self.roles = roles_at(self.actor, g.scope) - {Role.PUBLIC, Role.SIGNED_IN, Role.ADMINISTRATOR}
        self.rules: DiscussionRules = queries.discussion_rules(db.session, application.contest_id)
        self.reads: frozenset[MessageAudience] = read_by(self.roles)
        self.is_staff = bool(self.roles - {Role.EXPERT})

    @property
    def author(self) -> Author:
        """As what this person writes."""
        return Author(self.roles, g.scope.expert_id)

    @property
    def writes(self) -> frozenset[MessageAudience]:
        """To whom this person may write now."""
        open_now = is_open(Act.DISCUSS, self.application.contest.status)
        return written_by(self.roles, self.rules.circle) if open_now else frozenset()

    @cached_property
    def participants(self) -> list[Participant]:
        """Everybody who reads the discussion."""
        return queries.participants(db.session, self.application, self.rules.circle)

    @cached_property
    def named(self) -> bool:
        """Whether this person knows the experts by their names."""
        return self.is_staff or queries.names_for_expert(db.session, self.application.contest)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The name of each participant for this reader, by the key of their mentions."""
        return {one.key: self._name(one) for one in self.participants}

    def _name(self, one: Participant) -> str:
        if one.role is not Role.EXPERT or self.named:
            return one.name
        return expert_words(one.number)

    @cached_property
    def rows(self) -> list[MessageRow]:
        """The messages that this person reads."""
        return queries.messages(db.session, self.application, self.reads)

    def may_mention(self) -> list[dict[str, Any]]:
        """Who may be mentioned, and whom a message to each audience reaches; oneself is not among them."""
        return [
            {
                "name": self.names[one.key],
                "role": expert_words(one.number)
                if one.role is Role.EXPERT and self.named
                else translate(ROLE_LABELS[one.role]),
                "reads": one.reads,
            }
            for one in self.participants
            if one.user_id != self.actor.user_id and one.reads & self.writes
        ]

    def kept(self, text: str, audience: MessageAudience) -> str:
        """What was typed as it is kept: only those who read the audience are mentioned."""
        plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
        known = {self.names[one.key]: one.key for one in self.participants if audience in one.reads}
        return kept_text(plain, known)

    def typed(self, row: MessageRow) -> str:
        """The text of a message as its author types it anew."""
        return typed_text(row.text, self.names, gettext("a participant"))

    def threads(self) -> list[Shown]:
        """The messages in threads, the oldest first; an answer to what this person does not read stands by itself."""
        last = queries.last_read(db.session, self.application.id, self.actor.user_id)
        known = {row.id for row in self.rows}
        heads = [row for row in self.rows if row.reply_to_id not in known]
        return [self._shown(row, last, [one for one in self.rows if one.reply_to_id == row.id]) for row in heads]

    def _shown(self, row: MessageRow, last: int, answers: Collection[MessageRow] = ()) -> Shown:
        mine = row.author_id is not None and row.author_id == self.actor.user_id
        fresh = may_be_edited(row.written_at, self.rules.edit_minutes, arrived())
        alive = row.removed_at is None and bool(self.writes)
        return Shown(
            row=row,
            author=self._author(row),
            role=translate(ROLE_LABELS[row.role]),
            pieces=self._pieces(row.text),
            earlier=tuple((self._pieces(text), until) for text, until in row.earlier),
            mine=mine,
            editable=mine and alive and fresh,
            unread=not mine and row.id > last and row.removed_at is None,
            answers=tuple(self._shown(one, last) for one in answers),
        )

    def _author(self, row: MessageRow) -> str:
        if row.role is not Role.EXPERT:
            return row.author_name
        label = expert_words(row.expert_number)
        return f"{row.author_name} ({label})" if self.named else label

    def _pieces(self, text: str) -> tuple[Piece, ...]:
        return tuple(pieces(text, self.names, gettext("a participant")))
