"""Forms that are no forms: of great size, of many fields, with characters and numbers that nobody types."""

from collections.abc import Iterator, Mapping

from tests.attack.target import Answer, Attack, Target

MB = 1 << 20
REFUSED = (400, 413, 414, 422, 431)
"""Refused in words, or by the server before anybody reads it."""
KEPT_OUT = (200, *REFUSED)
"""An autosave may also take the rest of the sheet, leave out what is no mark or comment, or find nothing changed."""


def attacks(target: Target) -> Iterator[Attack]:
    comments = {"a comment of 18 MB": "я" * (9 * MB), "a comment of 400 KB": "ж" * 200_000}
    for title, text in comments.items():
        yield _save(target, title, {"comment-E1": text}, KEPT_OUT)
    yield _save(target, "a comment with the character that databases refuse", {"comment-E1": "a\x00b"}, KEPT_OUT)
    yield _save(target, "50,000 fields", {f"field-{number}": "x" for number in range(50_000)}, KEPT_OUT)
    yield _save(target, "a field's name of 300 KB", {"x" * 300_000: "1"}, KEPT_OUT)
    for title, number in {
        "a mark of a million digits": "9" * MB,
        "a mark with an exponent of a thousand million": "1e999999999",
        "a mark that is no number": "NaN",
    }.items():
        yield _save(target, title, {"mark-E1": number}, KEPT_OUT)
    yield _save(target, "a version of a million digits", {"version": "9" * MB}, (409, *KEPT_OUT))
    bodies = {"24 million fields of nothing": b"&" * (24 * MB), "8 MB of escapes": b"%D1%8F" * (4 * MB // 3)}
    for title, content in bodies.items():
        yield Attack(title, lambda port, sent=content: _anybody(target, port, sent), REFUSED)
    yield Attack("a search of 30 KB", lambda port: _search(target, port, "%D1%91" * 5_000), (200, *REFUSED))
    yield Attack("a search of 10 KB of wildcards", lambda port: _search(target, port, "%25" * 3_000), (200, *REFUSED))


def _save(target: Target, title: str, fields: Mapping[str, str], statuses: tuple[int, ...]) -> Attack:
    """Save the second expert's sheet with these fields."""
    cookie, review = target.site.sheets[1]

    def send(port: int) -> Answer:
        browser = target.browser(port, cookie)
        browser.open(f"/reviews/{review}")
        given = {"version": browser.version} | dict(fields)
        return Answer(*browser.form(f"/reviews/{review}/draft?tab=t2", given, **{"X-Requested-With": "fetch"}))

    return Attack(title, send, statuses)


def _anybody(target: Target, port: int, content: bytes) -> Answer:
    """Send a body to the page of signing in, as a visitor."""
    return Answer(*target.stranger(port).body("/sign-in", content))


def _search(target: Target, port: int, words: str) -> Answer:
    return Answer(*target.browser(port).get(f"/staff/contests/{target.contest}/applications?q={words}"))
