"""Hostile contest archives."""

from collections.abc import Callable, Iterator

from tests.attack.target import Answer, Attack, Target
from tests.hostile.archives import CASES, Case

PATH = "/staff/contests/from-archive"


def attacks(target: Target) -> Iterator[Attack]:
    for case in CASES:
        yield Attack(case.title, _sender(target, case), (422, 413))


def _sender(target: Target, case: Case) -> Callable[[int], Answer]:
    content = case.make()

    def send(port: int) -> Answer:
        browser = target.browser(port)
        browser.open(PATH)
        return Answer(*browser.upload(PATH, {"state": "draft"}, "archive", "a.json", content))

    return send
