"""Trial contests: a contest made of nothing but invented data, and how it is told from a real one.

Everything that a trial shows, writes or hands out bears its code or its title, and both say what it is: registration
numbers, names of files, receipts, tables and letters are marked by that alone. People in it are invented, and their
addresses lie under domains that nobody can have (RFC 2606, RFC 6761).
"""

import re
from collections.abc import Container

CODE_MARK, TITLE_MARK, SUBJECT_MARK = "PROBA", "Проба: ", "[Проба] "
"""What the code, the title and the subjects of the letters of a trial begin with."""
FILE_MARK = "ПРОБА: данные вымышлены"
"""The heading of what is printed or opened of a trial."""
LONGEST_STEM, LONGEST_TITLE = 25, 500
"""Characters of the real code that a trial's code repeats: registration numbers cut longer ones."""
RESERVED_DOMAINS = ("example.org", "example.com", "example.net", "example", "invalid", "test")
_MARKED = re.compile(rf"{CODE_MARK}[0-9]*-", re.IGNORECASE)


def is_trial_code(code: str) -> bool:
    """Say whether a code says of a contest that it is a trial; no real contest may have such a code."""
    return _MARKED.match(code) is not None


def trial_code(code: str, taken: Container[str]) -> str:
    """Return the code of a new trial of the contest ``code``; ``taken`` are the codes there are, in small letters."""
    stem, count = code[:LONGEST_STEM], 1
    while True:
        found = f"{CODE_MARK}{count if count > 1 else ''}-{stem}"
        if found.lower() not in taken:
            return found
        count += 1


def marked_title(title: str) -> str:
    """Return the title with the mark before it, once."""
    return title if title.startswith(TITLE_MARK) else f"{TITLE_MARK}{title}"[:LONGEST_TITLE]


def is_reserved(address: str) -> bool:
    """Say whether an address is one that nobody can have."""
    domain = address.rpartition("@")[2].casefold().rstrip(".")
    return any(domain == name or domain.endswith(f".{name}") for name in RESERVED_DOMAINS)
