"""The document store keeps the same promises in a folder, in memory and in S3."""

import hashlib
import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer

from judging.adapters.storage import Storage, Stored


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """An S3 server in this process with an empty bucket."""
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    settings = {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ALLOW_HTTP": "true",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings.items():
            patch.setenv(name, value)
        import urllib.request

        request = urllib.request.Request(f"{endpoint}/documents", method="PUT")
        urllib.request.urlopen(request).close()
        yield "s3://documents/contest"
    server.stop()


@pytest.fixture(params=["file", "memory", "s3"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "s3":
        return Storage.from_url(request.getfixturevalue("s3"))
    return Storage.from_url(f"file://{tmp_path}/store" if request.param == "file" else "memory:///")


def test_what_was_put_is_read_back_with_its_size_and_hash(storage: Storage) -> None:
    content = os.urandom(3_000_000)
    digest = hashlib.sha256(content).hexdigest()
    stored = storage.put(io.BytesIO(content))
    assert stored == Stored(f"sha256/{digest[:2]}/{digest}", 3_000_000, digest)
    assert b"".join(storage.read(stored.key)) == content


def test_the_same_bytes_are_one_object(storage: Storage) -> None:
    file = io.BytesIO(b"once")
    file.seek(2)
    assert storage.put(file) == storage.put(io.BytesIO(b"once"))


def test_a_missing_object_is_missed_before_anything_is_sent(storage: Storage) -> None:
    with pytest.raises(FileNotFoundError):
        storage.read("sha256/00/none")


def test_another_scheme_is_refused() -> None:
    with pytest.raises(ValueError, match="no such document store"):
        Storage.from_url("ftp://somewhere")
