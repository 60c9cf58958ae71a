import gzip
import subprocess
import sys
from pathlib import Path

import pytest

from judging.adapters.password_strength import LEAKED, is_guessable, layouts

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    "password",
    [
        "123456789012", "1234567890qwerty", "qwertyuiop123", "1q2w3e4r5t6y7u8i", "1qaz2wsx3edc4rfv", "passwordpassword",
        "P@ssw0rd2026!!", "Qwerty123456!", "administrator1", "iloveyou1234", "aaaaaaaaaaaaaaaa", "abcdefghijklmnop",
        "letmein12345", "letmeinletmein", "superman123456", "Manchester2026",
        "йцукенгшщзхъ", "парольпароль", "Администратор1", "привет123456", "любимыйпароль", "Москва2026!!",
        "gfhjkmgfhjkm", "ghbdtn123456", "vbyghjvnjhu2026", "rjyrehcrjyrehc", "Кластер-2026!", "minpromtorg1",
        "зфыыцщкв1234", "0987654321qwe", "Kazan2026!!!", "любимаямама1", "Екатеринбург1", "sojdlg123aljg",
        "Sojdlg123aljg", "mailcreated5240!!", "CorrectHorseBatteryStaple", "correct horse battery staple",
    ],
)  # fmt: skip
def test_common_passwords_of_twelve_characters_and_more_are_guessable(password):
    assert is_guessable(password)


@pytest.mark.parametrize(
    "password",
    ["вишня сад забор луна", "тихий берег зимой 7", "verbal jacket moon onion", "x7K#mP2$vL9q", "Tr0ub4dor&3xyz"],
)
def test_words_in_a_row_and_random_characters_are_not(password):
    assert not is_guessable(password)


def test_the_list_of_leaks_has_every_long_password_of_the_commonest_million_once():
    lines = gzip.decompress(LEAKED.read_bytes()).decode().split("\n")
    assert (len(lines), len(set(lines)), min(map(len, lines)), lines == sorted(lines)) == (43_940, 43_940, 12, True)
    assert [line for line in lines if line != line.casefold()] == []


def test_words_of_the_person_weaken_a_password():
    assert (is_guessable("zvezdochet2026"), is_guessable("zvezdochet2026", ["zvezdochet"])) == (False, True)


def test_the_same_keys_on_the_other_layout():
    assert layouts("gfhjkm") == ("gfhjkm", "пароль")
    assert layouts("пароль") == ("пароль", "gfhjkm")


def test_many_signs_that_could_be_letters_are_not_all_combined(monkeypatch):
    """zxcvbn would try every combination: seconds of work for one password that anybody may send."""
    import zxcvbn

    seen, real = [], zxcvbn.zxcvbn
    monkeypatch.setattr(zxcvbn, "zxcvbn", lambda text, **others: seen.append(text) or real(text, **others))
    is_guessable("4@8({[</3#!1|0$5+7%2/" * 9)
    assert all(len(text) <= 40 and len(set(text) & set("4@8({[<369!1|70$5+%2")) <= 6 for text in seen)


def test_dictionaries_are_loaded_with_the_first_password_that_is_set():
    code = "import sys, judging.services.accounts; print('zxcvbn' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
