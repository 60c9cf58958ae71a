"""Subjects of the Federation as options of a filter or a form."""

from collections.abc import Iterable

from judging.domain.collation import sort_key
from judging.domain.regions import REGIONS


def region_options(codes: Iterable[str] = REGIONS) -> list[tuple[str, str]]:
    """(code, name) of these regions by name, each once; a code that names none stands for itself."""
    return sorted(((code, REGIONS.get(code, code)) for code in set(codes)), key=lambda pair: sort_key(pair[1]))
