"""Addresses of the parts of a form on the editor's pages, and the anchors by which a list is come back to."""

from flask import url_for

from judging.domain.forms.pieces import Piece, PieceKind


def anchor(piece: Piece) -> str:
    """The id of a part in its list."""
    return f"{piece.kind}-{piece.code}" if piece.kind is not PieceKind.POINT else f"point-{piece.code.encode().hex()}"


def list_of(contest_code: str, piece: Piece, anchored: str | None = None) -> str:
    """The page of the list in which a part stands."""
    if piece.table:
        return url_for("form_editor.edit_field", code=contest_code, field=piece.table, _anchor=anchored)
    return url_for("form_editor.index", code=contest_code, _anchor=anchored)
