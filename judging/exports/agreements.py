"""Who of the experts accepted which version of which agreement, as a table for programs."""

from collections.abc import Iterable, Iterator

from judging.exports.facts import moscow
from judging.exports.tables import Table, csv_parts
from judging.queries.agreements import Acceptance

HEADINGS = (
    "Эксперт", "E-mail на карточке", "Учётная запись", "Код", "Соглашение", "Редакция", "SHA-256", "Принято (МСК)",
    "Сетевой адрес",
)  # fmt: skip


def acceptances_csv(rows: Iterable[Acceptance]) -> Iterator[bytes]:
    """Yield the register as CSV."""
    cells = (
        (one.expert, one.email, one.account, one.code, one.title, one.number, one.sha256, moscow(one.at), one.address)
        for one in rows
    )
    return csv_parts(Table(HEADINGS, cells))
