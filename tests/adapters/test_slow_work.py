"""Work done aside: its bounds, and that it steps back."""

import os
import threading

import pytest

from judging.adapters.slow_work import STEP_BACK, Aside, Crowded

LONG = 60.0


def asked_at_once(aside, number, patience=LONG):
    """That many ask while the only thread is at work; return how many were refused before it went on."""
    working, go_on, refused = threading.Event(), threading.Event(), threading.Semaphore(0)
    done = []

    def ask():
        try:
            done.append(aside.do(lambda: working.set() or go_on.wait(LONG), patience=patience))
        except Crowded:
            refused.release()

    first = threading.Thread(target=ask)
    first.start()
    assert working.wait(LONG)
    others = [threading.Thread(target=ask) for _ in range(number - 1)]
    for thread in others:
        thread.start()
    return done, refused, go_on, [first, *others]


@pytest.mark.parametrize(("places", "asking"), [(1, 4), (3, 4), (3, 9)])
def test_who_finds_the_line_full_is_refused_at_once_and_the_others_are_served(places, asking):
    done, refused, go_on, threads = asked_at_once(Aside(1, places), asking)
    assert [refused.acquire(timeout=LONG) for _ in range(asking - places)] == [True] * (asking - places)
    go_on.set()
    for thread in threads:
        thread.join(LONG)
    assert (done, refused.acquire(blocking=False)) == ([True] * places, False)


def test_who_waits_in_vain_is_refused_and_leaves_the_place_to_another():
    aside = Aside(1, places=2)
    working, go_on = threading.Event(), threading.Event()

    def occupy():
        working.set()
        go_on.wait(LONG)

    first = threading.Thread(target=aside.do, args=(occupy,), kwargs={"patience": LONG})
    first.start()
    assert working.wait(LONG)
    for _ in range(3):
        with pytest.raises(Crowded):
            aside.do(lambda: pytest.fail("given up, and done all the same"), patience=0.01)
    go_on.set()
    first.join(LONG)
    assert aside.do(lambda: "served", patience=LONG) == "served"


def test_what_is_being_done_is_awaited_however_long_it_takes():
    working = threading.Event()
    pause = threading.Event()
    assert Aside(1, places=1).do(lambda: working.set() or pause.wait(0.2) or "done", patience=0.05) == "done"


def test_an_error_reaches_who_asked_and_the_place_is_free_again():
    aside = Aside(1, places=1)
    with pytest.raises(ZeroDivisionError):
        aside.do(lambda: 1 // 0, patience=LONG)
    assert aside.do(lambda: 1, patience=LONG) == 1


def test_everything_else_goes_before_on_linux():
    def niceness():
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    stepped = niceness() + (STEP_BACK if hasattr(os, "sched_setaffinity") else 0)
    assert Aside(1, places=1).do(niceness, patience=LONG) == min(19, stepped)
