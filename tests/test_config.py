"""Settings that would fail later stop the start."""

import pytest

from config import Config, ConfigError


@pytest.mark.parametrize("sender", ["judging", "инфо@пример.рф", "info@пример", "Конкурс <>"])
def test_a_sender_no_letter_could_go_out_from_stops_the_start(sender, tmp_path):
    with pytest.raises(ConfigError, match="MAIL_SENDER must be an address such as"):
        Config.from_environment({"INSTANCE_DIR": str(tmp_path), "MAIL_SENDER": sender})


@pytest.mark.parametrize("sender", ["judging@localhost", "info@пример.рф", "Конкурс <info@example.org>"])
def test_a_sender_with_whatever_domain_starts(sender, tmp_path):
    assert Config.from_environment({"INSTANCE_DIR": str(tmp_path), "MAIL_SENDER": sender}).mail_sender == sender
