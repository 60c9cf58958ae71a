"""Texts with light marks: paragraphs, lists whose lines begin with «- », and ``**bold**``. No HTML is ever taken."""

import re

from markupsafe import Markup, escape

_OPENS, _CLOSES = re.compile(r"\*\*(?=\S)"), re.compile(r"(?<=\S)\*\*")
_STRONG = Markup("<strong>{}</strong>")
_ITEM = re.compile(r"[-•–—*]\s+(?=\S)")


def rendered(text: str) -> Markup:
    """The text as HTML: escaped first, so that only the marks make elements."""
    return Markup("").join(_block(block) for block in re.split(r"\n\s*\n", text.strip()) if block.strip())


def _block(block: str) -> Markup:
    parts: list[Markup] = []
    lines: list[str] = []
    items: list[str] = []
    for line in [*block.splitlines(), None]:
        item = line is not None and _ITEM.match(line.strip())
        if items and not item:
            parts.append(_list(items))
            items = []
        if lines and (item or line is None):
            parts.append(Markup("<p>{}</p>").format(Markup("<br>").join(map(_inline, lines))))
            lines = []
        if line is not None:
            (items if item else lines).append(line.strip()[item.end() :] if item else line.strip())
    return Markup("").join(parts)


def _list(items: list[str]) -> Markup:
    return Markup("<ul>{}</ul>").format(Markup("").join(Markup("<li>{}</li>").format(_inline(item)) for item in items))


def _inline(text: str) -> Markup:
    """A line with its bold words. One mark that nothing closes ends the search: no later one is closed either."""
    parts, at = [], 0
    while (opens := _OPENS.search(text, at)) and (closes := _CLOSES.search(text, opens.end() + 1)):
        parts += [escape(text[at : opens.start()]), _STRONG.format(text[opens.end() : closes.start()])]
        at = closes.end()
    return Markup("").join([*parts, escape(text[at:])])
