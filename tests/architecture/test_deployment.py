"""The example of a proxy sets everything that the application believes of a proxy, and takes requests whole."""

import re
from pathlib import Path

from judging.web.clock import HEADER

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = (ROOT / "docs" / "deployment" / "nginx.conf").read_text("utf-8")
BELIEVED = re.compile(r"\bx_(\w+)=n\b")
NAMES = {"for": "X-Forwarded-For", "proto": "X-Forwarded-Proto", "host": "X-Forwarded-Host"}


def directives(text: str) -> dict[str, list[str]]:
    """The words after each directive; comments left out."""
    found: dict[str, list[str]] = {}
    for line in re.sub(r"#.*", "", text).splitlines():
        for part in line.replace("{", ";").split(";"):
            words = part.split(None, 1)
            if len(words) == 2:
                found.setdefault(words[0], []).append(words[1].strip())
    return found


def test_every_header_that_the_application_trusts_is_overwritten() -> None:
    app = (ROOT / "judging" / "web" / "composition.py").read_text("utf-8")
    trusted = {NAMES[name] for name in BELIEVED.findall(app)}
    assert trusted == set(NAMES.values())
    given = dict(re.findall(r"^ *proxy_set_header (\S+) (.*);", EXAMPLE, re.MULTILINE))
    assert {name: given.get(name) for name in trusted | {HEADER}} == {
        "X-Forwarded-For": "$remote_addr",
        "X-Forwarded-Host": "$host",
        "X-Forwarded-Proto": "$scheme",
        "X-Request-Start": '"t=${msec}"',
    }


def test_requests_are_taken_whole_and_clients_bounded() -> None:
    found = directives(EXAMPLE)
    assert (found["proxy_request_buffering"], found["proxy_buffering"], found["proxy_next_upstream"]) == (
        ["on"], ["on"], ["off"],
    )  # fmt: skip
    bounds = {"client_header_timeout", "client_body_timeout", "send_timeout", "keepalive_timeout", "limit_conn",
              "limit_req", "client_max_body_size", "large_client_header_buffers"}  # fmt: skip
    assert bounds <= set(found)


def test_no_location_sets_a_header_of_its_own() -> None:
    locations = re.findall(r"location [^{]*{([^}]*)}", re.sub(r"\${\w+}", "", EXAMPLE))
    assert [("proxy_set_header" in one, "proxy_pass" in one) for one in locations] == [(False, True)] * 2


def test_the_body_may_be_as_large_as_the_largest_upload() -> None:
    default = re.search(r"^MAX_UPLOAD_MB=(\d+)", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE)
    assert default
    assert directives(EXAMPLE)["client_max_body_size"] == [f"{int(default[1]) + 1}m"]
