"""Texts in which what one of two has alone is marked, for the eye and for the ear."""

from collections.abc import Iterable

from markupsafe import Markup, escape

from judging.domain.word_differences import Piece

_WORDS = '<span class="visually-hidden">[{} </span>{}<span class="visually-hidden">]</span>'
INSERTED = Markup(f'<ins class="diff">{_WORDS}</ins>')  # noqa: S704 -- a constant
REMOVED = Markup(f'<del class="diff">{_WORDS}</del>')  # noqa: S704 -- a constant


def marked(pieces: Iterable[Piece], own: Markup, words: str) -> Markup:
    """Return the text of the pieces; what it has alone stands within ``own``, read out with ``words`` before it."""
    return Markup("").join(own.format(words, piece.text) if piece.own else escape(piece.text) for piece in pieces)
