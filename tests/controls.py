"""What a page asks for, as a browser and a screen reader find it: every control with its type, label and hint."""

from typing import Any

from lxml import etree

ASKED = (
    "//main//form[@data-guard]//*[self::input[not(@type='hidden' or @type='submit')] or self::select or self::textarea]"
    "[not(ancestor::template)]"
)


def controls(page: str) -> list[dict[str, Any]]:
    """The controls of the page's form, in its order; a group of choices once."""
    root = etree.fromstring(page.encode(), etree.HTMLParser(encoding="utf-8"))
    found: list[dict[str, Any]] = []
    for one in root.xpath(ASKED):
        kind = one.get("type", "text") if one.tag == "input" else one.tag
        told: dict[str, Any] = {"name": one.get("name"), "kind": kind}
        if kind == "radio":
            if any(other["name"] == told["name"] for other in found):
                continue
            group = one.xpath("ancestor::fieldset[1]")[0]
            told |= {"label": _words(group.find("legend")), "hint": _hint(root, group)}
        else:
            label = root.xpath("//label[@for=$id]", id=one.get("id"))
            told |= {"label": _words(label[0]) if label else one.get("aria-label"), "hint": _hint(root, one)}
        limit = one.get("data-count-limit")
        autocomplete = one.get("autocomplete")
        told |= {"limit": int(limit)} if limit else {}
        told |= {"autocomplete": autocomplete} if autocomplete and autocomplete != "off" else {}
        found.append(told)
    return found


def _words(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _hint(root: Any, one: Any) -> str:
    ids = [name for name in (one.get("aria-describedby") or "").split() if name.endswith("-hint")]
    return " ".join(_words(element) for name in ids for element in root.xpath("//*[@id=$id]", id=name))
