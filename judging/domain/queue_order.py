"""In which order an expert is led through the tasks that are still to be done.

Always the nearest deadline first, and within it one contest after the other; what the expert has put off comes after
everything else of its contest, in the order in which it was put off. In between the contest's order decides: the number
(fixed), or the fewest submitted reviews first (fair). Then a nomination is kept together: the nomination of the
application that is worst served comes first, as a whole; what is equal is ordered by lot. The lot is drawn from the
seed of the contest and from the expert's card, so it is the same whenever it is drawn and another one for every expert:
they do not all begin with the same application.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from judging.domain.collation import sort_key
from judging.domain.distribution import QueueOrder


@dataclass(frozen=True)
class Turn:
    """A task as far as its turn depends on it.

    ``reviews``: how many reviews of its application are submitted; ``later``: since when it is put off; ``open``:
    whether it is still to be done.
    """

    key: int
    contest: str
    deadline: datetime
    number: str
    expert: int = 0
    nomination: str = ""
    reviews: int = 0
    later: datetime | None = None
    open: bool = True


@dataclass(frozen=True)
class Rule:
    """The order of one contest and the seed of its lot."""

    order: QueueOrder = QueueOrder.FIXED
    seed: int = 0


FIXED = Rule()


def in_turn(turns: Sequence[Turn], rules: dict[str, Rule]) -> tuple[Turn, ...]:
    """Return the open tasks in the order in which they are to be done; ``rules`` by contest, fixed where none is."""
    waiting = [turn for turn in turns if turn.open]
    worst = _worst_served(waiting)
    return tuple(sorted(waiting, key=lambda turn: _place(turn, rules.get(turn.contest, FIXED), worst)))


def following(turns: Sequence[Turn], rules: dict[str, Rule], key: int | None = None) -> Turn | None:
    """Return the open task that comes after ``key``, going round; the first one where ``key`` is none of these.

    A fair order begins anew with every step, for what is done since changes it, but leaves no nomination half way. In a
    fixed one the way goes on from a task that is done meanwhile, too.
    """
    order = in_turn(turns, rules)
    here = next((turn for turn in turns if turn.key == key), None)
    if here is None or not order:
        return order[0] if order else None
    if rules.get(here.contest, FIXED).order is QueueOrder.FIXED or here.open:
        worst = _worst_served(order)
        place = _place(here, rules.get(here.contest, FIXED), worst)
        ahead = [turn for turn in order if _place(turn, rules.get(turn.contest, FIXED), worst) > place]
    else:
        home = (here.contest, here.nomination)
        ahead = [turn for turn in order if (turn.contest, turn.nomination) == home and turn.later is None]
    return next((turn for turn in (*ahead, *order) if turn.key != key), None)


def _worst_served(turns: Sequence[Turn]) -> dict[tuple[str, str], int]:
    """By contest and nomination the fewest submitted reviews of a task that is not put off."""
    found: dict[tuple[str, str], int] = {}
    for turn in turns:
        if turn.later is None:
            home = (turn.contest, turn.nomination)
            found[home] = min(turn.reviews, found.get(home, turn.reviews))
    return found


def _place(turn: Turn, rule: Rule, worst: dict[tuple[str, str], int]) -> tuple[Any, ...]:
    here = (turn.deadline, turn.contest, turn.later is not None)
    if turn.later is not None:
        return *here, turn.later, sort_key(turn.number), turn.key
    if rule.order is QueueOrder.FIXED:
        return *here, sort_key(turn.number), turn.key
    drawn = (rule.seed, turn.contest, turn.expert)
    nomination = (worst[turn.contest, turn.nomination], _lot(*drawn, "nomination", turn.nomination), turn.nomination)
    return *here, *nomination, turn.reviews, _lot(*drawn, turn.number), turn.key


def _lot(*parts: object) -> str:
    """A number that nobody chose, the same for the same parts."""
    return sha256("\n".join(map(str, parts)).encode()).hexdigest()
