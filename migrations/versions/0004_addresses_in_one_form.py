"""addresses in one form.

People, experts' cards and links keep an e-mail address in its readable form: NFC, small letters, a domain in its own
letters instead of xn--…. Where two rows would then be one, both stay as they are and a warning names them: each is
still found by its own spelling, and people decide which is to go.
"""

import logging
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

logger = logging.getLogger("alembic.runtime.migration")


def upgrade() -> None:
    _rewrite(sa.table("users", *_columns("id", "email", "search_text")))
    _rewrite(sa.table("experts", *_columns("id", "email", "search_text", "contest_id", "version")), within="contest_id")
    _rewrite(sa.table("links", *_columns("id", "email")), unique=False)


def downgrade() -> None:
    """The old spellings are not kept; the new ones were right before as well."""


def normal(text: str) -> str:
    kept = "".join(sign for sign in text if unicodedata.category(sign) != "Cf").strip()
    name, at, domain = unicodedata.normalize("NFC", kept).lower().rpartition("@")
    return name + at + ".".join(_label(part) for part in domain.split("."))


def _label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return unicodedata.normalize("NFC", label[4:].encode("ascii").decode("punycode"))
    except UnicodeError:
        return label


def _columns(*names: str) -> list[sa.ColumnClause]:
    return [sa.column(name) for name in names]


def _rewrite(table: sa.TableClause, *, within: str | None = None, unique: bool = True) -> None:
    bind = op.get_bind()
    rows = bind.execute(sa.select(table)).mappings().all()
    holders: dict[tuple, list] = {}
    for row in rows:
        holders.setdefault((row[within] if within else None, normal(row["email"])), []).append(row)
    for (_, email), same in holders.items():
        if unique and len(same) > 1:
            listed = ", ".join(f"{row['id']} <{row['email']}>" for row in same)
            logger.warning("%s: one address in several rows, left as they are: %s", table.name, listed)
            continue
        for row in same:
            if row["email"] != email:
                bind.execute(table.update().where(table.c.id == row["id"]).values(_values(row, email)))


def _values(row: sa.RowMapping, email: str) -> dict[str, object]:
    values: dict[str, object] = {"email": email}
    if "search_text" in row:
        old = row["email"].casefold()
        values["search_text"] = row["search_text"].replace(old, email).replace(old.replace("ё", "е"), email)
    if "version" in row:
        values["version"] = row["version"] + 1
    return values
