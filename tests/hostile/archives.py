"""Contest archives (JSON) that somebody might send, and words of the refusal."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

GOLDEN = Path(__file__).parents[1] / "data" / "golden-1.json"
MB = 1 << 20


@dataclass(frozen=True)
class Case:
    """What an archive tries, how it is made, and words of the refusal."""

    title: str
    make: Callable[[], bytes]
    words: str


def golden(change: Callable[[dict[str, Any]], object]) -> Callable[[], bytes]:
    """The example archive with one thing changed."""

    def made() -> bytes:
        document = json.loads(GOLDEN.read_text("utf-8"))
        change(document)
        return json.dumps(document, ensure_ascii=False).encode()

    return made


def _list(name: str, item: object, count: int) -> Callable[[], bytes]:
    return golden(lambda document: document.update({name: [item] * count}))


MANY, DEEP = "more objects and values", "nested too deep or a number too long"

CASES: Sequence[Case] = (
    Case("45 MB of lists", lambda: b'{"a":[' + b"[]," * (15 * MB) + b"[]]}", "larger than 32 MB"),
    Case("10 million lists", lambda: b'{"a":[' + b"[]," * 10_000_000 + b"[]]}", MANY),
    Case("10 million numbers", lambda: b'{"a":[' + b"10," * 10_000_000 + b"1]}", MANY),
    Case("28 MB in one text beside one sign of four bytes",
         lambda: ('{"a":"' + "x" * (28 * MB) + '\U0001f600"}').encode(), "larger than 32 MB"),
    Case("100,000 lists deep", lambda: b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", DEEP),
    Case("900 lists deep", lambda: b'{"a":1,"a":' + b"[" * 900 + b"]" * 900 + b"}", ""),
    Case("a number of a million digits", lambda: b'{"a":' + b"9" * MB + b"}", DEEP),
    Case("a number of 1e999999999", lambda: b'{"a":1e999999999}', "missing"),
    Case("not a number", lambda: b'{"a":NaN}', "NaN is no number"),
    Case("minus infinity", lambda: b'{"a":-Infinity}', "-Infinity is no number"),
    Case("100,000 keys", lambda: json.dumps({str(n): n for n in range(100_000)}).encode(), "more than 2000 keys"),
    Case("one key 100,000 times", lambda: b'{' + b'"a":1,' * 100_000 + b'"a":1}', "more than 2000 keys"),
    Case("half of a pair", golden(lambda d: d["contest"].update(title="\x00")), "cannot be stored"),
    Case("a decimal of a million digits", golden(lambda d: d["contest"].update(budget="9" * MB)), "decimal"),
    Case("a key of a megabyte", golden(lambda d: d["contest"].update({"k" * MB: 1})), "unknown key"),
    Case("a cluster of a million members",
         golden(lambda d: d["clusters"][0].update(members=[1] * 1_000_000)), "a list of more than 2000 items"),
    Case("200,000 reviews that are none", _list("reviews", {}, 200_000), "and "),
    Case("1,000,000 reviews that are numbers", _list("reviews", 1, 1_000_000), "and "),
    Case("not UTF-8", lambda: b'{"a":"\xff"}', "not UTF-8"),
    Case("a list", lambda: b"[]", "not an object"),
)  # fmt: skip
