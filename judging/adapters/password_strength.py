"""How soon a password would be guessed: lists of leaks, and zxcvbn with the words and keyboards that people here use.

Refused at once is what stands, in whatever case and with whatever digits and signs behind it, among the million
commonest passwords of published leaks (``data/passwords``). zxcvbn knows shorter ones as parts, English words and
names, keyboard rows, repetitions, dates and letters written as digits; a password typed on the Russian layout is looked
at in both layouts.
"""

import gzip
from collections.abc import Iterable
from functools import cache
from pathlib import Path

LEAKED = Path(__file__).resolve().parents[1] / "data" / "passwords" / "leaked.txt.gz"
FAMOUS = ("correcthorsebatterystaple", "correct horse battery staple")
"""Examples of good passwords that everybody has read."""
BEHIND = "0123456789!?.,@#$%*_+=-"
"""What is put behind a word to make it another password."""
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
    "moscow", "rossiya", "russia", "judging", "sekretar", "любимая", "любимый", "любимые", "моя", "мой", "самая",
    "лучшая", "красивая", "дорогая", "девочка", "мальчик", "дочка", "дочь", "сын", "сынок", "жена", "муж", "бабушка",
    "доченька", "звезда", "звездочка", "принцесса", "королева", "ангел", "цветок", "ромашка", "кошка", "медведь",
    "волк", "тигр", "дельфин", "океан", "солнце", "луна", "небо", "радуга", "футбол", "хоккей", "чемпион", "война",
    "мир", "жизнь", "смерть", "деньги", "бизнес", "директор", "начальник", "бухгалтер", "университет", "школа",
    "завод", "станок", "город", "улица", "область", "край", "республика", "казахстан", "беларусь", "украина",
    "новосибирск", "екатеринбург", "челябинск", "самара", "омск", "ростов", "уфа", "красноярск", "воронеж", "пермь",
    "волгоград", "краснодар", "саратов", "тюмень", "тольятти", "ижевск", "барнаул", "ульяновск", "иркутск",
    "хабаровск", "ярославль", "владивосток", "махачкала", "томск", "оренбург", "кемерово", "рязань", "астрахань",
    "пенза", "липецк", "киров", "чебоксары", "тула", "калуга", "калининград", "курск", "тверь", "сочи",
    "kazan", "novosibirsk", "ekaterinburg", "samara", "omsk", "rostov", "ufa", "krasnoyarsk", "voronezh", "perm",
    "volgograd", "krasnodar", "saratov", "tyumen", "togliatti", "izhevsk", "irkutsk", "tatarstan", "vladivostok",
    "tomsk", "penza", "kaluga", "tula", "tver", "sochi", "lipetsk", "lubov", "solnyshko", "zavod", "proekt",
)  # fmt: skip
"""Words that Russian passwords are made of, and those of this contest."""


def is_guessable(password: str, own: Iterable[str] = ()) -> bool:
    """Say whether a password would be guessed soon; ``own`` are words that an attacker of this person knows."""
    from zxcvbn import zxcvbn

    text = _bounded(password.casefold())
    words = [*own, *_words()]
    spellings = dict.fromkeys((text, text.translate(TO_LATIN)))
    if any(_is_leaked(spelling) for spelling in dict.fromkeys((password.casefold(), *spellings))):
        return True
    return any(zxcvbn(spelling, user_inputs=words)["guesses"] < ENOUGH for spelling in spellings)


def layouts(text: str) -> tuple[str, ...]:
    """The text as it is, and as the same keys would write it on the other layouts of the keyboard (small letters)."""
    return tuple(dict.fromkeys((text, text.translate(TO_LATIN), text.translate(TO_RUSSIAN))))


def _is_leaked(text: str) -> bool:
    return text in _leaked() or text.rstrip(BEHIND) in _leaked()


@cache
def _leaked() -> frozenset[str]:
    with gzip.open(LEAKED, "rt", encoding="utf-8") as file:
        return frozenset((*file.read().split("\n"), *FAMOUS))


@cache
def _words() -> tuple[str, ...]:
    return tuple(dict.fromkeys(spelling for word in WORDS for spelling in (word, word.translate(TO_LATIN))))


def _bounded(text: str) -> str:
    text = text[:LOOKED_AT]
    signs = dict.fromkeys(sign for sign in text if sign in LETTERS_AS_SIGNS)
    many = dict(zip(map(ord, [*signs][MOST_SIGNS:]), PLAIN_SIGNS, strict=False))
    return text.translate(many)
