"""Visitors who have no account: those who guess passwords, come in crowds, or look for what exists."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from tests.attack.target import Answer, Attack, Target

CROWD = 200
OWN = re.compile(r'(name="csrf_token"[^>]*?value=")[^"]+|(nonce=")[^"]+|next=[^"]*')
"""What differs between two answers to anybody: tokens, and the address that was asked for."""


def attacks(target: Target) -> Iterator[Attack]:
    yield Attack(
        f"{CROWD} guesses at one password at once", lambda port: _guess(target, port, one=True), (422, 429, 503)
    )
    yield Attack(f"a guess at {CROWD} people at once", lambda port: _guess(target, port, one=False), (422, 429, 503))
    yield Attack(f"{CROWD} forgotten passwords at once", lambda port: _forget(target, port), (303, 429, 503))
    yield Attack(
        f"{CROWD} visitors at once", lambda port: _crowd(lambda _: Answer(*target.stranger(port).get("/"))), (200,)
    )
    for title, (there, nowhere) in {
        "an application that exists and one that does not": (f"/applications/{target.draft}", "/applications/999999"),
        "a review that exists and one that does not": (f"/reviews/{target.review}", "/reviews/999999"),
        "a contest's register and that of none": (
            f"/staff/contests/{target.contest}/applications",
            "/staff/contests/NONE/applications",
        ),
    }.items():
        yield Attack(title, lambda port, a=there, b=nowhere: _alike(target, port, a, b), (302,))


def _crowd(act: Callable[[int], Answer]) -> Answer:
    """Everybody at once; the worst answer."""
    with ThreadPoolExecutor(CROWD) as people:
        answers = list(people.map(act, range(CROWD)))
    return max(answers, key=lambda answer: (answer.status == 0, answer.status))


def _guess(target: Target, port: int, *, one: bool) -> Answer:
    def guess(number: int) -> Answer:
        browser = target.stranger(port)
        browser.open("/sign-in")
        email = "secretary@example.org" if one else f"person{number}@example.org"
        return Answer(*browser.form("/sign-in", {"email": email, "password": f"угадал {number}"}))

    return _crowd(guess)


def _forget(target: Target, port: int) -> Answer:
    def forget(number: int) -> Answer:
        browser = target.stranger(port)
        browser.open("/forgot-password")
        return Answer(*browser.form("/forgot-password", {"email": f"person{number}@example.org"}))

    return _crowd(forget)


def _alike(target: Target, port: int, there: str, nowhere: str) -> Answer:
    """The answer to both addresses; 500 where a visitor can tell them apart."""
    first, second = (Answer(*target.stranger(port).get(path)) for path in (there, nowhere))
    same = (first.status, OWN.sub("", first.page)) == (second.status, OWN.sub("", second.page))
    return first if same else Answer(500, "told apart")
