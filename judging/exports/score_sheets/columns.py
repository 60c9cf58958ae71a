"""The columns of comments: to whom they are addressed, in words and in a colour of their own."""

from collections.abc import Mapping
from typing import NamedTuple

from judging.domain.sheet_rules import Audience


class Addressed(NamedTuple):
    """How the comments to an audience are headed: the words, the look, and the line of the first sheet."""

    heading: str
    look: str
    told: str


ADDRESSED: Mapping[Audience, Addressed] = {
    Audience.PANEL: Addressed(
        "Комментарий для комиссии", "head-panel", "«Комментарий для комиссии» читают комиссия и сотрудники конкурса."
    ),
    Audience.APPLICANT: Addressed(
        "Комментарий заявителю: он его прочтёт", "head-applicant", "«Комментарий заявителю» прочтёт и сам заявитель."
    ),
    Audience.PRIVATE: Addressed(
        "Только для себя: этого никто не увидит", "head-private",
        "«Только для себя» не увидит никто, кроме вас, – пока этот файл не попал в чужие руки.",
    ),
}  # fmt: skip
