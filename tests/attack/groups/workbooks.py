"""Hostile workbooks sent to be compared with a ranking."""

from collections.abc import Callable, Iterator

from tests.attack.target import Answer, Attack, Target
from tests.hostile.workbooks import CASES

PATH = "/staff/contests/GOLDEN-1/ranking/check"


def attacks(target: Target) -> Iterator[Attack]:
    yield Attack("the untouched workbook", _sender(target, target.book), (200,))
    for case in CASES:
        yield Attack(case.title, _sender(target, case.change(target.book)), (422,))


def _sender(target: Target, content: bytes) -> Callable[[int], Answer]:
    def send(port: int) -> Answer:
        browser = target.browser(port)
        browser.open(PATH)
        return Answer(*browser.upload(PATH, {"snapshot": "present"}, "file", "a.xlsx", content))

    return send
