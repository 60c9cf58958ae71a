"""Requests that let others go first: who waits for whom, and for how long at most."""

import threading

import pytest

from judging.adapters.serving import courtesy
from judging.adapters.serving.courtesy import Courtesy, away

LONG = 30.0
"""Seconds that nothing in these tests takes."""


class House:
    """An application whose requests stay until they are let go, and that writes down who is in it."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.gates: dict[str, threading.Event] = {}
        self.inside: dict[str, threading.Event] = {}
        self.application = Courtesy(self._serve, frozenset({"/sign-in"}))
        self._threads: list[threading.Thread] = []

    def _serve(self, environ: dict[str, str], _start: object) -> list[bytes]:
        name = environ["name"]
        self.log.append(f"{name} in")
        self.inside[name].set()
        if environ["away"]:
            with away():
                assert self.gates[name].wait(LONG)
        else:
            assert self.gates[name].wait(LONG)
        self.log.append(f"{name} out")
        return []

    def send(self, name: str, path: str, *, is_away: bool = False) -> None:
        """Send a request without waiting for it."""
        self.gates[name], self.inside[name] = threading.Event(), threading.Event()
        environ = {"PATH_INFO": path, "name": name, "away": is_away}
        thread = threading.Thread(target=self.application, args=(environ, None))
        thread.start()
        self._threads.append(thread)

    def entered(self, name: str) -> None:
        """Wait until the request is served."""
        assert self.inside[name].wait(LONG)

    def let_go(self, *names: str) -> None:
        """Let requests end."""
        for name in names:
            self.gates[name].set()

    def ended(self) -> list[str]:
        """Wait for every request; who went in and out, in order."""
        for thread in self._threads:
            thread.join(LONG)
            assert not thread.is_alive()
        return self.log


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr(courtesy, "PATIENCE", LONG)
    return House()


def test_a_sign_in_waits_until_nobody_else_is_served(house: House) -> None:
    house.send("save", "/reviews/1/draft")
    house.entered("save")
    house.send("sign-in", "/sign-in")
    house.send("another save", "/reviews/2/draft")
    house.entered("another save")
    house.let_go("sign-in", "save", "another save")
    log = house.ended()
    assert log[:2] + log[-2:] == ["save in", "another save in", "sign-in in", "sign-in out"]


def test_others_never_wait_for_a_sign_in(house: House) -> None:
    house.send("sign-in", "/sign-in")
    house.entered("sign-in")
    house.send("save", "/reviews/1/draft")
    house.entered("save")
    house.let_go("save", "sign-in")
    assert sorted(house.ended()) == ["save in", "save out", "sign-in in", "sign-in out"]


def test_sign_ins_go_one_after_another(house: House) -> None:
    house.send("first", "/sign-in")
    house.entered("first")
    house.send("second", "/sign-in")
    house.let_go("second", "first")
    assert house.ended() == ["first in", "first out", "second in", "second out"]


def test_whoever_hashes_a_password_hands_the_turn_on(house: House) -> None:
    house.send("first", "/sign-in", is_away=True)
    house.entered("first")
    house.send("second", "/sign-in")
    house.entered("second")
    house.let_go("second", "first")
    assert house.ended()[:2] == ["first in", "second in"]


def test_a_sign_in_goes_on_beside_others_when_its_patience_is_at_an_end(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(courtesy, "PATIENCE", 0.01)
    house.send("save", "/reviews/1/draft")
    house.entered("save")
    house.send("first", "/sign-in")
    house.entered("first")
    house.send("second", "/sign-in")
    house.entered("second")
    house.let_go("save", "first", "second")
    assert len(house.ended()) == 6


def test_requests_that_fail_are_no_longer_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courtesy, "PATIENCE", LONG)
    served = []

    def application(environ: dict[str, str], _start: object) -> list[bytes]:
        if environ["name"] == "fails":
            raise ZeroDivisionError
        served.append(environ["name"])
        return []

    polite = Courtesy(application, frozenset({"/sign-in"}))
    for path in ("/reviews", "/sign-in"):
        with pytest.raises(ZeroDivisionError):
            polite({"PATH_INFO": path, "name": "fails"}, None)
    polite({"PATH_INFO": "/sign-in", "name": "goes in"}, None)
    assert served == ["goes in"]
