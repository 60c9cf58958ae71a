"""Codes of new parts: made of their words, so that nobody has to think of Latin names."""

import re
from collections.abc import Collection

from judging.domain.forms.environment import TAKEN
from judging.domain.forms.shape import CODE

LETTERS = dict(zip("абвгдеёзийклмнопрстуфхыэ", "abvgdeezijklmnoprstufhye", strict=True)) | {
    "ж": "zh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sch", "ю": "yu", "я": "ya", "ъ": "", "ь": "",
}  # fmt: skip
LONGEST = 40


def new_code(words: str, known: Collection[str], otherwise: str) -> str:
    """Return a code that says the words in Latin letters and that nothing known has; ``otherwise`` where none can."""
    latin = "".join(LETTERS.get(sign, sign) for sign in words.casefold())
    base = re.sub(r"[^a-z0-9]+", "_", latin).strip("_")[:LONGEST].strip("_")
    if not CODE.fullmatch(base):
        base = f"{otherwise}_{base}".strip("_") if CODE.fullmatch(f"{otherwise}_{base}") else otherwise
    taken = {*known, *TAKEN}
    if base not in taken:
        return base
    return next(code for number in range(2, len(taken) + 3) if (code := f"{base}_{number}") not in taken)
