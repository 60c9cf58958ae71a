"""Who most tests of staff pages look at them as."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests import factories
from tests.conftest import Store


@pytest.fixture
def secretary(store: Store, sign_in: Callable[[int], FlaskClient]) -> FlaskClient:
    """The browser of a secretary of every contest."""
    with store() as session:
        person = factories.user(session, "secretary").id
    return sign_in(person)
