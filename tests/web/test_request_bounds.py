"""What gets in at all, and what failures of the database look like from outside."""

import pytest
from sqlalchemy.exc import IntegrityError, NoResultFound, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import BadRequest

from judging.web.request_bounds import as_id, is_id


class Given(Exception):
    """An error of the driver with its code."""

    def __init__(self, sqlstate: str | None) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NoResultFound(), 404), (StaleDataError(), 409), (IntegrityError("s", {}, Given("23505")), 409),
        (OperationalError("s", {}, Given("40P01")), 503), (OperationalError("s", {}, Given("40001")), 503),
        (OperationalError("s", {}, Given(None)), 500), (BadRequest(), 400),
    ],
)  # fmt: skip
def test_a_failure_is_told_in_words(app, client, monkeypatch, error, status):
    def failing() -> str:
        raise error

    monkeypatch.setitem(app.view_functions, "home.index", failing)
    answer = client.get("/")
    assert (answer.status_code, "Traceback" in answer.text, "<h1" in answer.text) == (status, False, True)


def test_a_nul_character_gets_into_no_parameter(app):
    data = {"words": "a\x00b", "\x00": "c", "plain": "d"}
    with app.test_request_context("/?q=%00x&q=y", method="POST", data=data) as context:
        request = context.request
        assert request.args.getlist("q") == ["\ufffdx", "y"]
        assert dict(request.form) == {"words": "a\ufffdb", "\ufffd": "c", "plain": "d"}


def test_a_part_without_a_name_is_no_field(app):
    head = b"--b\r\nContent-Disposition: form-data"
    nameless = [head + b"\r\n\r\na", head + b'; filename="f"\r\n\r\nb', head + b'; name="' + b'\\"' * 9 + b"\r\n\r\nc"]
    body = b"\r\n".join([*nameless, head + b'; name="plain"\r\n\r\nd', b"--b--\r\n"])
    kind = "multipart/form-data; boundary=b"
    with app.test_request_context("/", method="POST", data=body, content_type=kind) as context:
        assert (dict(context.request.form), dict(context.request.files)) == ({"plain": "d"}, {})
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(app.config, "WTF_CSRF_ENABLED", True)
        assert app.test_client().post("/sign-in", data=body, content_type=kind).status_code == 400


@pytest.mark.parametrize("path", ["/contests/a%00b", "/applications/2147483648", "/applications/99999999999999999999"])
def test_an_address_that_no_row_can_have_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_an_id_is_a_number_that_a_row_can_have():
    assert [is_id(number) for number in (None, 0, -1, 1, 2**31 - 1, 2**31)] == [False, False, False, True, True, False]
    assert as_id("7") == 7
    for text in ("0", "x", str(2**31)):
        with pytest.raises(ValueError, match=text):
            as_id(text)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"language=en" + b"&a" * 4_999, 303), (b"language=en" + b"&a" * 5_000, 413), (b"&" * 4_000_000, 413),
        (b"language=en&a=" + b"%D1%8F" * 600_000, 303), (b"language=en&a=" + b"%D1%8F" * 700_000, 413),
    ],
    ids=["many fields", "too many fields", "nothing but fields", "a long text", "a text too long"],
)  # fmt: skip
def test_a_plain_form_is_bounded_before_it_is_taken_apart(client, body, status):
    answer = client.post("/language", data=body, content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, "всё ещё в своём поле" in answer.text) == (status, status == 413)
