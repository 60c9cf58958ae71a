"""Commands of a contest, run as from a shell."""

from pathlib import Path

import pytest

from judging.models.engine import reads_only

GOLDEN = Path(__file__).parents[1] / "data" / "golden-1.json"


@pytest.fixture
def run(app):
    """Run a command as from a shell."""

    def invoke(*arguments, **options):
        try:
            return app.test_cli_runner().invoke(args=["contest", *map(str, arguments)], **options)
        finally:
            reads_only.set(False)

    return invoke


@pytest.fixture
def loaded(run):
    assert run("load", GOLDEN).exit_code == 0
