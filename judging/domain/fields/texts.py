"""Texts: NFC, without signs that nobody sees or means, newlines of one kind, trimmed.

Zero-width signs, marks of direction and soft hyphens come along when text is copied; two texts that look alike would
differ by them. Left are the joiner within a compound emoji, and the no-break space, which typographers mean.
"""

import re
import unicodedata

_BREAKS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_FILLERS = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
_FILLER = re.compile(f"[{_FILLERS}]")
_JOINED = re.compile("(?<=[\u2190-\u2bff\ufe0f\U0001f000-\U0001faff])\u200d(?=[\u2190-\u2bff\U0001f000-\U0001faff])")
_JOINER = "\ue000"
"""Stands for a joiner that stays while the others go; a sign for private use, itself never meant here."""
_KEPT = "\n\t"
_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs"})


def line(text: str) -> str:
    """Return a text of one line as it is stored: breaks and tabs are spaces."""
    if text.isascii() and text.isprintable():
        return text.strip()
    return _visible(_BREAKS.sub("\n", text)).replace("\n", " ").replace("\t", " ").strip()


def squeezed(text: str) -> str:
    """Return a text of one line with single spaces inside, as names of people are stored."""
    return " ".join(line(text).split())


def paragraphs(text: str) -> str:
    """Return a text of several lines as it is stored."""
    if text.isascii() and text.isprintable():
        return text.strip()
    return _visible(_BREAKS.sub("\n", text)).strip()


def _visible(text: str) -> str:
    if text.replace("\n", "").replace("\xa0", "").isprintable() and not _FILLER.search(text):
        return unicodedata.normalize("NFC", text)
    marked = _JOINED.sub(_JOINER, text.replace(_JOINER, ""))
    kept = "".join(sign for sign in marked if not _unseen(sign))
    return unicodedata.normalize("NFC", kept.replace(_JOINER, "\u200d"))


def _unseen(sign: str) -> bool:
    if sign in _KEPT or sign == _JOINER:
        return False
    return sign in _FILLERS or unicodedata.category(sign) in _UNSEEN
