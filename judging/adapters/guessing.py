"""How soon a password would be guessed: zxcvbn, with the words and the keyboards that people here use.

zxcvbn knows the 30,000 commonest passwords of published leaks, English words and names, keyboard rows, repetitions,
dates and letters written as digits; a password typed on the Russian layout is looked at in both layouts.
"""

from collections.abc import Iterable
from functools import cache

ENOUGH = 10**10
"""Guesses that a password must withstand: zxcvbn's «very unguessable», whatever the hash is tried on."""
LOOKED_AT = 40
"""Characters that are looked at: more of them only add guesses."""
LATIN, RUSSIAN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.", "ёйцукенгшщзхъфывапролджэячсмитьбю"
"""The same keys on two layouts."""
TO_LATIN, TO_RUSSIAN = str.maketrans(RUSSIAN, LATIN), str.maketrans(LATIN, RUSSIAN)
LETTERS_AS_SIGNS, PLAIN_SIGNS = "4@8({[<369!1|70$5+%2", "-_=*&^~:;,./?'\"`#№§°"
MOST_SIGNS = 6
"""Different signs that may stand for letters; zxcvbn tries every combination, which takes long where they are many."""
WORDS = (
    "пароль", "привет", "любовь", "люблю", "солнышко", "администратор", "админ", "секретарь", "председатель",
    "эксперт", "наблюдатель", "министерство", "минпромторг", "промторг", "кластер", "кластеры", "конкурс",
    "конкурсный", "проект", "проекты", "совместный", "промышленный", "промышленность", "комиссия", "заявка",
    "заявки", "россия", "россии", "москва", "москвы", "московский", "петербург", "питер", "казань", "татарстан",
    "камский", "урал", "спартак", "зенит", "динамо", "локомотив", "максим", "александр", "алексей", "андрей",
    "сергей", "дмитрий", "наталья", "татьяна", "светлана", "екатерина", "марина", "мария", "анна", "елена",
    "ольга", "ирина", "юлия", "иванов", "петров", "сидоров", "самсунг", "компьютер", "машина", "работа",
    "работать", "отпуск", "зима", "весна", "лето", "осень", "январь", "февраль", "март", "апрель", "июнь",
    "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь", "понедельник", "пятница", "суббота", "котик",
    "котенок", "собака", "зайка", "малыш", "мамочка", "папа", "мама", "семья", "счастье", "удача", "победа",
    "родина", "дружба", "parol", "privet", "konkurs", "klaster", "minpromtorg", "ministerstvo", "moskva",
    "moscow", "rossiya", "russia", "judging", "sekretar",
)  # fmt: skip
"""Words that Russian passwords are made of, and those of this contest."""


def is_guessable(password: str, own: Iterable[str] = ()) -> bool:
    """Say whether a password would be guessed soon; ``own`` are words that an attacker of this person knows."""
    from zxcvbn import zxcvbn

    text = _bounded(password.casefold())
    words = [*own, *_words()]
    spellings = dict.fromkeys((text, text.translate(TO_LATIN)))
    return any(zxcvbn(spelling, user_inputs=words)["guesses"] < ENOUGH for spelling in spellings)


def layouts(text: str) -> tuple[str, ...]:
    """The text as it is, and as the same keys would write it on the other layouts of the keyboard (small letters)."""
    return tuple(dict.fromkeys((text, text.translate(TO_LATIN), text.translate(TO_RUSSIAN))))


@cache
def _words() -> tuple[str, ...]:
    return tuple(dict.fromkeys(spelling for word in WORDS for spelling in (word, word.translate(TO_LATIN))))


def _bounded(text: str) -> str:
    text = text[:LOOKED_AT]
    signs = dict.fromkeys(sign for sign in text if sign in LETTERS_AS_SIGNS)
    many = dict(zip(map(ord, [*signs][MOST_SIGNS:]), PLAIN_SIGNS, strict=False))
    return text.translate(many)
