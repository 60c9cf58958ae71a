"""Every page that a test renders is parsed and looked at here, whatever the test is about.

A whole page has a title, one heading of the first rank, ids that stand once, a name for every control and a control for
every label, no label twice; its text shows no «None», no name from the code and no date as programs write it. What is
found is told when the test ends.
"""

import re
from collections import Counter
from collections.abc import Iterator

from flask import Flask, Response, request
from lxml import etree

faults: list[str] = []
"""What was found since the last test, each with the page's address."""
_seen: set[int] = set()

CONTROLS = "//input[not(@type='hidden' or @type='submit' or @type='button' or @type='reset')] | //select | //textarea"
UNREAD = {"script", "style", "code", "pre", "textarea", "template", "svg"}
"""Elements whose text is data or was typed by somebody."""
MASKED = re.compile(rb'(name="(?:csrf_token|request_key)"[^>]*value|nonce)="[^"]*"')
CODE_NAME = re.compile(r"(?<![\w./@:«-])[a-z]{2,}(?:_[a-z]+)+(?![\w./@:-])")
ISO_DATE = re.compile(r"(?<![\w.-])\d{4}-\d{2}-\d{2}(?![\w-])")
NOTHING = re.compile(r"(?<!\w)(?:None|undefined|NaN)(?!\w)")
SIGNS = {"a name from the code": CODE_NAME, "a date as programs write it": ISO_DATE, "nothing": NOTHING}


def watch(app: Flask) -> None:
    """Look at every answer of ``app`` from now on."""
    app.after_request(_look)


def _look(answer: Response) -> Response:
    if answer.mimetype == "text/html" and not answer.direct_passthrough and not answer.is_streamed:
        body = answer.get_data()
        mark = hash(MASKED.sub(b"", body.replace(request.path.encode(), b"")))
        if body.lstrip()[:9].lower() == b"<!doctype" and mark not in _seen:
            _seen.add(mark)
            faults.extend(f"{request.method} {request.full_path}: {fault}" for fault in page_faults(body))
    return answer


def page_faults(body: bytes) -> Iterator[str]:
    """Yield everything that is wrong with one whole page."""
    page = etree.fromstring(body, etree.HTMLParser(encoding="utf-8"))
    titles, headings = page.xpath("/html/head/title"), page.xpath("//h1")
    if len(titles) != 1 or not titles[0].xpath("string()").strip():
        yield "it has no title"
    if len(headings) != 1 or not headings[0].xpath("string()").strip():
        yield f"{len(headings)} headings of the first rank"
    ids = Counter(page.xpath("//@id"))
    yield from (f"the id {name} stands {count} times" for name, count in ids.items() if count > 1)
    yield from _label_faults(page, set(ids))
    yield from _text_faults(page)


def _label_faults(page: etree._Element, ids: set[str]) -> Iterator[str]:
    named = {label.get("for"): " ".join(label.xpath("string()").split()) for label in page.xpath("//label[@for]")}
    yield from (f"the label «{text}» is for nothing" for target, text in named.items() if target not in ids)
    for control in page.xpath(CONTROLS):
        by = control.get("aria-labelledby")
        has_name = control.get("aria-label") or (by and set(by.split()) <= ids) or named.get(control.get("id"))
        if not has_name and not control.xpath("ancestor::label"):
            yield f"a control without a name: {control.get('name') or control.get('id')}"
    tree = page.getroottree()
    for form in page.xpath("//form"):
        texts = Counter(
            (
                " ".join(label.xpath("string()").split()),
                *map(tree.getpath, label.xpath("ancestor::*[self::fieldset or self::tr][1]")),
            )
            for label in form.xpath(".//label[@for]")
        )
        yield from (f"the label «{text}» stands {count} times" for (text, *_), count in texts.items() if count > 1)


def _text_faults(page: etree._Element) -> Iterator[str]:
    body = page.find("body")
    whole = "" if body is None else "\n".join(body.itertext())
    if body is None or not any(pattern.search(whole) for pattern in SIGNS.values()):
        return  # as nearly always, and sooner than by looking at each element
    for element in body.iter():
        parent = element.getparent()
        texts = [(element.tail, parent)] if element is not body else []
        if isinstance(element.tag, str):
            texts.append((element.text, element))
        for text, owner in texts:
            for what, pattern in SIGNS.items():
                if text and pattern.search(text) and not _unread(owner):
                    yield f"{what}: {' '.join(text.split())[:120]}"


def _unread(element: etree._Element | None) -> bool:
    return element is not None and (element.tag in UNREAD or _unread(element.getparent()))
