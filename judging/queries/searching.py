"""Conditions and orders of lists: words looked for in a search column, and an order that a person chose."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select

from judging.adapters.addresses import search_form
from judging.domain.collation import MOST_WORDS, search_key, search_words


def contains(column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    """The condition that a column contains ``text`` to the letter (no wildcards)."""
    return column.contains(text, autoescape=True)


def sought_words(text: str) -> list[str]:
    """The words that somebody looks for, as they are searched; addresses in whatever spelling as they are stored."""
    return search_words(" ".join(map(search_form, text.split()[:MOST_WORDS])))


def contains_words(column: Any, text: str) -> list[ColumnElement[bool]]:
    """The conditions that a column of search keys (:mod:`judging.domain.collation`) contains every word of the text."""
    return [contains(column, word) for word in sought_words(text)]


def fits(text: str, *places: str) -> bool:
    """Whether every word of a search is in one of these texts at hand."""
    where = search_key(" ".join(places))
    return all(word in where for word in sought_words(text))


def ordered(
    query: Select[*tuple[Any, ...]], orders: Mapping[str, Any], sort: str, default: str, tie: Any
) -> Select[*tuple[Any, ...]]:
    """Sort by ``sort`` (a minus for the other direction) if it is one of ``orders``, else by ``default``."""
    column = orders.get(sort.removeprefix("-"), orders[default])
    return query.order_by(column.desc() if sort.startswith("-") else column, tie)
