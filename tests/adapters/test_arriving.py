"""Files in pieces: whatever comes twice, late or out of order, the bytes at the end are those of the file."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judging.adapters import arriving
from judging.adapters.arriving import PIECE, Arrival, Arriving, Claim, NotArriving

CONTENT = bytes(range(256)) * 16 * 1024 + b"end"  # four pieces and three bytes
FIRST = CONTENT[:PIECE]


def claim(content: bytes = CONTENT, name: str = "План.pdf", person: int = 7) -> Claim:
    return Claim(person, 1, 2, 3, "plan", name, len(content))


def pieces(content: bytes, at: int) -> bytes:
    return content[at : at + PIECE]


def whole(store: Arriving, arrival: Arrival) -> bytes:
    with store.opened(arrival) as file:
        return file.read()


@given(st.lists(st.integers(0, 5), max_size=12))
@settings(max_examples=30, deadline=None)
def test_pieces_in_any_order_and_any_number_leave_the_file_as_it_is(order: Sequence[int]) -> None:
    with TemporaryDirectory() as folder:
        store = Arriving(Path(folder) / "arriving")
        arrival = store.begin(claim(), FIRST)
        for number in order:
            at = number * PIECE
            if pieces(CONTENT, at):
                store.add(arrival, at, pieces(CONTENT, at))
        received = store.find(3, "plan", arrival.token, 7).received
        assert whole(store, arrival) == CONTENT[:received]
        again = Arriving(Path(folder) / "arriving").begin(claim(), FIRST)  # after a restart
        assert (again.token, again.received) == (arrival.token, received)
        while received < len(CONTENT):
            received = store.add(arrival, received, pieces(CONTENT, received))
        done = store.find(3, "plan", arrival.token, 7)
        assert (done.whole, whole(store, done)) == (True, CONTENT)


def test_a_file_is_known_again_by_name_size_and_its_first_piece_and_by_whose_it_is(tmp_path: Path) -> None:
    store = Arriving(tmp_path / "arriving")
    token = store.begin(claim(), FIRST).token
    other = b"x" + CONTENT[1:]
    others = [
        store.begin(claim(name="Другой.pdf"), FIRST),
        store.begin(claim(CONTENT + b"more"), FIRST),
        store.begin(claim(other), other[:PIECE]),
        store.begin(claim(person=8), FIRST),
    ]
    assert store.begin(claim(), FIRST).token == token
    assert len({token, *(one.token for one in others)}) == 5
    assert [len(store.of(3, person)) for person in (7, 8, 9)] == [4, 1, 0]
    assert store.of(3, 7)[0].claim.head in {sha256(FIRST).hexdigest(), sha256(other[:PIECE]).hexdigest()}
    for person, slot, wanted in ((8, "plan", token), (7, "model", token), (7, "plan", "0" * 32), (7, "plan", "../3")):
        with pytest.raises(NotArriving):
            store.find(3, slot, wanted, person)


def test_pieces_and_uploads_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Arriving(tmp_path / "arriving")
    monkeypatch.setattr(arriving, "MOST_OPEN", 2)
    for wrong in (b"", FIRST[:-1], FIRST + b"1"):
        with pytest.raises(NotArriving):
            store.begin(claim(), wrong)
    arrival = store.begin(claim(), FIRST)
    for wrong in (b"", bytes(PIECE + 1)):
        with pytest.raises(NotArriving):
            store.add(arrival, PIECE, wrong)
    small = store.begin(claim(b"12"), b"12")
    assert (small.whole, store.add(small, 2, b"3")) == (True, 2)
    with pytest.raises(NotArriving):
        store.begin(claim(b"34"), b"34")
    store.finish(small, {"taken": True, "message": "готово"})
    assert store.find(3, "plan", small.token, 7).answer == {"taken": True, "message": "готово"}
    assert store.begin(claim(b"34"), b"34").whole
    with pytest.raises(NotArriving):
        store.add(small, 0, b"1")


def test_a_piece_that_the_disk_does_not_take_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, written = Arriving(tmp_path / "arriving"), os.write
    arrival = store.begin(claim(), FIRST)

    def half(descriptor: int, data: bytes) -> int:
        if len(data) < PIECE:
            raise OSError(28, "No space left on device")
        return written(descriptor, bytes(data)[:1000])

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", half)
        with pytest.raises(OSError, match="No space"):
            store.add(arrival, PIECE, pieces(CONTENT, PIECE))
    assert store.find(3, "plan", arrival.token, 7).received == PIECE
    assert store.add(arrival, PIECE, pieces(CONTENT, PIECE)) == 2 * PIECE


def test_what_nobody_has_added_to_for_a_day_is_cleared(tmp_path: Path) -> None:
    store = Arriving(tmp_path / "arriving")
    stale, fresh, dropped = (store.begin(claim(name=f"{name}.pdf"), FIRST) for name in "абв")
    for path in (tmp_path / "arriving" / "3" / stale.token, *(tmp_path / "arriving" / "3" / stale.token).iterdir()):
        os.utime(path, (1000, 1000))
    store.drop(dropped)
    assert store.sweep(datetime(2020, 1, 1, tzinfo=UTC)) == 1
    assert [one.token for one in store.under_way()] == [fresh.token]
    assert Arriving(tmp_path / "nowhere").sweep(datetime(2020, 1, 1, tzinfo=UTC)) == 0
