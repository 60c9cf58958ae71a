"""Hostile files uploaded to a document slot of a draft."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from tests.attack.target import Answer, Attack, Target
from tests.hostile.documents import OFFICE_CASES, PDF_CASES, Case

SLOT = "schedule"


def attacks(target: Target) -> Iterator[Attack]:
    for case in (*OFFICE_CASES, *PDF_CASES):
        # a file of more than the slot takes is answered before it is looked at
        yield Attack(case.title, _sender(target, case), (422, 413) if case.words else (303,))
    bomb = OFFICE_CASES[0]
    yield Attack(f"five at once: {bomb.title}", _several(target, bomb, 5), (422,))


def _sender(target: Target, case: Case) -> Callable[[int], Answer]:
    cookie, draft = target.site.uploads[0]
    content = case.make()

    def send(port: int) -> Answer:
        browser = target.browser(port, cookie)
        browser.open(f"/applications/{draft}/documents")
        return Answer(*browser.upload(f"/applications/{draft}/documents/{SLOT}", {}, "file", case.filename, content))

    return send


def _several(target: Target, case: Case, number: int) -> Callable[[int], Answer]:
    send = _sender(target, case)

    def together(port: int) -> Answer:
        with ThreadPoolExecutor(number) as pool:
            answers = list(pool.map(send, [port] * number))
        return max(answers, key=lambda answer: answer.status != 422)

    return together
