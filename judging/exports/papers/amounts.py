"""Sums of money as papers have them: in figures with words beside them."""

NARROW = "\u00a0"
_ONES = ("", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять")
_FEMALE = ("", "одна", "две", *_ONES[3:])
_TEENS = (
    "десять", "одиннадцать", "двенадцать", "тринадцать", "четырнадцать", "пятнадцать", "шестнадцать", "семнадцать",
    "восемнадцать", "девятнадцать",
)  # fmt: skip
_TENS = ("", "", "двадцать", "тридцать", "сорок", "пятьдесят", "шестьдесят", "семьдесят", "восемьдесят", "девяносто")
_HUNDREDS = (
    "", "сто", "двести", "триста", "четыреста", "пятьсот", "шестьсот", "семьсот", "восемьсот", "девятьсот",
)  # fmt: skip
_RANKS = (
    ("рубль", "рубля", "рублей"),
    ("тысяча", "тысячи", "тысяч"),
    ("миллион", "миллиона", "миллионов"),
    ("миллиард", "миллиарда", "миллиардов"),
    ("триллион", "триллиона", "триллионов"),
)
_KOPECKS = ("копейка", "копейки", "копеек")
LARGEST = 10 ** (3 * len(_RANKS)) * 100 - 1
"""Kopecks above which a sum is written in figures alone."""


def figures(kopecks: int) -> str:
    """A sum in figures: ``1 234 567,05``."""
    whole, rest = divmod(abs(kopecks), 100)
    return f"{'−' if kopecks < 0 else ''}{whole:,}".replace(",", NARROW) + f",{rest:02d}"


def sum_in_words(kopecks: int) -> str:
    """A sum in words: ``сто пять рублей 07 копеек``."""
    whole, rest = divmod(kopecks, 100)
    groups = []
    for rank, forms in enumerate(_RANKS):
        whole, group = divmod(whole, 1000)
        if group or rank == 0:
            groups.append(f"{_group(group, female=rank == 1)} {_form(group, forms)}".strip())
    text = " ".join(reversed(groups)) if kopecks >= 100 else "ноль рублей"
    return f"{text} {rest:02d} {_form(rest, _KOPECKS)}"


def sum_said(kopecks: int) -> str:
    """A sum in figures with its words in brackets, as contracts have it."""
    if not 0 <= kopecks <= LARGEST:
        return f"{figures(kopecks)}{NARROW}руб."
    return f"{figures(kopecks)}{NARROW}руб. ({sum_in_words(kopecks)})"


def _group(number: int, *, female: bool) -> str:
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    words = [_HUNDREDS[hundreds]]
    words += [_TEENS[ones]] if tens == 1 else [_TENS[tens], (_FEMALE if female else _ONES)[ones]]
    return " ".join(word for word in words if word)


def _form(number: int, forms: tuple[str, str, str]) -> str:
    if number % 100 in range(11, 15):
        return forms[2]
    return forms[{1: 0, 2: 1, 3: 1, 4: 1}.get(number % 10, 2)]
