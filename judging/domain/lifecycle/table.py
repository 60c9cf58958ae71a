"""What has a lifecycle, what moves it on, and the shape of a row of the table."""

from dataclasses import dataclass
from enum import StrEnum


class Subject(StrEnum):
    """What has a lifecycle."""

    CONTEST = "contest"
    APPLICATION = "application"
    REVIEW = "review"
    PLAN = "plan"
    FIRMNESS = "firmness"


class Action(StrEnum):
    """What moves a subject on; the same word may serve several subjects."""

    PUBLISH = "publish"
    FREEZE_RANKING = "freeze_ranking"
    UNFREEZE_RANKING = "unfreeze_ranking"
    APPROVE_RANKING = "approve_ranking"
    PUBLISH_RESULTS = "publish_results"
    CANCEL = "cancel"
    SUBMIT = "submit"
    ADMIT = "admit"
    REJECT = "reject"
    REINSTATE = "reinstate"
    WITHDRAW = "withdraw"
    GIVE_UP = "give_up"
    UNDO_WITHDRAWAL = "undo_withdrawal"
    TAKE_UP = "take_up"
    ASSIGN = "assign"
    ACCEPT = "accept"
    RECUSE = "recuse"
    BAR = "bar"
    DECLINE = "decline"
    ASK_AGAIN = "ask_again"
    RETURN = "return"
    SET_ASIDE = "set_aside"
    COUNT_AGAIN = "count_again"
    REMOVE = "remove"
    RETRY = "retry"
    FINISH = "finish"
    FIND_IMPOSSIBLE = "find_impossible"
    FAIL = "fail"
    OUTDATE = "outdate"
    APPLY = "apply"
    DISCARD = "discard"


@dataclass(frozen=True)
class Transition:
    """One row: ``action`` takes ``subject`` from any of ``sources`` to ``target``; None: it is there no more.

    Where an action leads to several targets it has a row for each, with sources of its own.
    ``label`` is the button's text, ``refusal`` the sentence shown where the status does not allow the action,
    ``permission`` the value of the permission it takes.
    """

    subject: Subject
    action: Action
    sources: tuple[StrEnum, ...]
    target: StrEnum | None
    label: str
    refusal: str
    permission: str
    needs_reason: bool = False
