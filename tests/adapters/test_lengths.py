"""What an archive may hold, a table can: the longest text that comes in is the longest that a column takes."""

import json
from pathlib import Path

import pytest

from judging.adapters.addresses import LONGEST_ADDRESS
from judging.adapters.archive import read_archive
from judging.domain.errors import Refused
from judging.domain.fields.telephone import LONGEST_TELEPHONE
from judging.models import Application, Cluster, Contest, Criterion, Expert, Organisation, Partner, User

GOLDEN = (Path(__file__).parents[1] / "data" / "golden-1.json").read_text("utf-8")
FIELDS = [
    (("contest", "title"), Contest.title),
    (("contest", "code"), Contest.code),
    (("contest", "criteria", 0, "title"), Criterion.title),
    (("organisations", 0, "name"), Organisation.name),
    (("clusters", 0, "name"), Cluster.name),
    (("clusters", 0, "industry"), Cluster.industry),
    (("applications", 0, "title"), Application.title),
    (("applications", 0, "partners", 0, "role"), Partner.role),
    (("experts", 0, "name"), Expert.name),
]


def comes_in(path, text):
    document = json.loads(GOLDEN)
    *steps, last = path
    place = document
    for step in steps:
        place = place[step]
    place[last] = text
    try:
        read_archive(json.dumps(document).encode())
    except Refused:
        return False
    return True


@pytest.mark.parametrize(("path", "column"), FIELDS)
def test_an_archive_takes_what_its_column_takes_and_no_more(path, column):
    longest = column.type.length
    assert (comes_in(path, "a" * longest), comes_in(path, "a" * (longest + 1))) == (True, False)


def test_addresses_and_telephones_have_room():
    lengths = [User.email.type.length, Expert.email.type.length, Application.contact_email.type.length]
    assert (lengths, Application.contact_phone.type.length) == ([LONGEST_ADDRESS] * 3, LONGEST_TELEPHONE)
