"""What an application of the demonstration answers in the full form, drawn from its number and its cluster's industry.

Figures that an archive has (money, indicators, dates, participants) are given, and everything else is chosen to fit
them: stages add up to the cost, sources by year to the sources, taxes to the ratio that the archive tells. The same
application gets the same answers each time.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from judging.domain.forms.columns import LEVEL_PREFIX
from judging.domain.forms.notation import roubles
from judging.models import Application
from judging.services.demo.product_words import PRODUCTS, VARIANTS, Product
from judging.services.demo.trade_words import (
    COSTS,
    OWNERS,
    PEOPLE,
    POSTS,
    RISKS,
    ROLES,
    STAGES,
    STREETS,
    TRADES,
    Trade,
)

Row = dict[str, Any]
Sections = dict[str, dict[str, Any]]
ROUND = 10_000_00
"""To how many kopecks parts of a sum are rounded; the last part takes the rest."""
YEARS = 5
"""Of the table of indicators."""
INN_WEIGHTS = (2, 4, 10, 3, 5, 9, 4, 6, 8)


@dataclass(frozen=True)
class Subject:
    """An application with what its answers are drawn from; ``day`` is when it was filled in."""

    item: Application
    figures: Mapping[str, str]
    trade: Trade
    products: tuple[Product, ...]
    starts: date
    ends: date
    day: date
    chance: Random


def subject_of(item: Application, seed: str, *, day: date) -> Subject:
    """Prepare an application; its money and dates are known, its ``figures`` are those of its indicators."""
    if item.starts_on is None or item.ends_on is None:
        raise ValueError(f"{seed} has no dates")
    chance = Random(seed)  # noqa: S311 -- a demonstration's data, the same each time
    known = [one for code in item.topics for one in PRODUCTS[code]]
    products = tuple(known[: chance.choice((2, 3, 3, 4))])
    trade = TRADES[item.cluster.industry]
    return Subject(item, item.indicators, trade, products, item.starts_on, item.ends_on, day, chance)


def section_answers(of: Subject, codes: Iterable[str]) -> Sections:
    """Return the answers of these sections, the consents aside, as they are stored."""
    return {code: {name: one for name, one in _MAKERS[code](of).items() if one not in ("", None)} for code in codes}


def full_answers(of: Subject) -> Sections:
    """Return the answers of every section but the consents, as they are stored."""
    return section_answers(of, _MAKERS)


def parts(total: int, weights: Sequence[int]) -> list[int]:
    """Divide a sum as the weights say, in round parts; the last one takes the rest."""
    whole = sum(weights)
    given = [total * weight // whole // ROUND * ROUND for weight in weights[:-1]]
    return [*given, total - sum(given)]


def _keyed(letter: str, rows: Sequence[Row]) -> list[Row]:
    return [{"key": f"{letter}{place}", **row} for place, row in enumerate(rows)]


def _sum(amount: int | None) -> str:
    return roubles(amount or 0)


def _applicant(of: Subject) -> Row:
    item, chance = of.item, of.chance
    town = item.place.partition(",")[0]
    return {
        "initiator": item.initiator and item.initiator.inn,
        "initiator_address": f"{town}, {chance.choice(STREETS)}, д. {chance.randint(2, 98)}, "
        f"корп. {chance.randint(1, 6)}",
        "initiator_okved": item.topics[:1],
        "head_name": chance.choice(PEOPLE),
        "head_post": chance.choice(POSTS),
        "powers": "charter",
        "small_business": chance.random() < 0.4,
        "contact_name": item.contact_name,
        "contact_phone": item.contact_phone,
        "contact_email": item.contact_email,
    }


def _partners(of: Subject) -> list[Row]:
    shares = parts((of.item.own_funds or 0) // 3, [of.chance.randint(2, 5) for _ in range(len(of.item.partners) + 1)])
    rows = []
    for partner, share in zip(of.item.partners, shares, strict=False):
        signed = of.day - timedelta(days=of.chance.randint(25, 160))
        product = of.chance.choice(of.products).name
        rows.append({
            "organisation": partner.organisation.inn,
            "role": partner.role,
            "contribution": ROLES[partner.role].format(product=product),
            "contribution_money": _sum(share),
            "agreement": f"№ {of.chance.randint(3, 240)}/{signed:%y}-К от {signed:%d.%m.%Y}",
        })  # fmt: skip
    return rows


def _project(of: Subject) -> Row:
    item = of.item
    return {
        "title": item.title,
        "goal": item.goal,
        "summary": item.summary,
        "functional_map_position": item.functional_map_position,
        "topics": list(item.topics),
        "readiness_level": f"{LEVEL_PREFIX}{item.readiness_level}",
        "starts_on": of.starts.isoformat(),
        "ends_on": of.ends.isoformat(),
        "place": item.place,
        "products": _keyed("g", _products(of)),
        "stages": _keyed("s", _stages(of)),
    }


def _products(of: Subject) -> list[Row]:
    """Products whose sales in a full year come to about two thirds of the project's cost."""
    sales = (of.item.total_cost or 0) * of.chance.randint(55, 80) // 100
    rows = []
    for product, share in zip(of.products, parts(sales, [5, 3, 2, 1][: len(of.products)]), strict=True):
        price = product.price * of.chance.randint(92, 108) // 100 * 100
        volume = max(Decimal(share) / price, Decimal("0.5"))
        decimals = Decimal(1) if product.unit in ("шт.", "компл.") else Decimal("0.1")
        rows.append({
            "name": product.name + of.chance.choice(VARIANTS),
            "okpd2": product.okpd2,
            "unit": product.unit,
            "volume": format(max(volume.quantize(decimals), decimals), "f"),
            "price": _sum(price),
        })  # fmt: skip
    return rows


def _stages(of: Subject) -> list[Row]:
    """Stages one after another from the first day to the last, which cost what the project costs."""
    costs = parts(of.item.total_cost or 0, [weight + of.chance.randint(0, 4) for _, _, weight in STAGES])
    lengths = [of.chance.randint(3, 6) for _ in STAGES]
    days, rows, begins = (of.ends - of.starts).days, [], of.starts
    for place, ((name, result, _), cost) in enumerate(zip(STAGES, costs, strict=True), 1):
        ends = of.starts + timedelta(days=days * sum(lengths[:place]) // sum(lengths))
        rows.append({
            "name": name.format(equipment=_equipment(of)), "from": begins.isoformat(), "till": ends.isoformat(),
            "result": result, "cost": _sum(cost),
        })  # fmt: skip
        begins = ends + timedelta(days=1)
    return rows


def _equipment(of: Subject) -> str:
    return ", ".join(one[0].lower() + one[1:] for one in of.trade.equipment[:2])


def _finance(of: Subject) -> Row:
    item = of.item
    support = bool(item.other_budget)
    answers = {
        "total_cost": _sum(item.total_cost),
        "own_funds": _sum(item.own_funds),
        "loans": _sum(item.loans),
        "has_support": support,
        "requested": _sum(item.requested),
        "sources": _keyed("y", _sources(of)),
        "costs": _keyed("c", _costs(of)),
    }
    return answers | ({"other_budget": _sum(item.other_budget)} if support else {})


def _sources(of: Subject) -> list[Row]:
    years = range(of.starts.year, of.ends.year + 1)
    item = of.item
    kinds = {"own": item.own_funds, "loan": item.loans, "budget": item.other_budget, "subsidy": item.requested}
    shares = {
        name: parts(amount or 0, [of.chance.randint(2, 9) for _ in years]) if amount else [0] * len(years)
        for name, amount in kinds.items()
    }
    return [
        {"year": str(year), **{name: _sum(shares[name][place]) for name in kinds}} for place, year in enumerate(years)
    ]


def _costs(of: Subject) -> list[Row]:
    """Costs of which the subsidy is half at most, and which are the project's cost at most."""
    least = 2 * (of.item.requested or 0)
    spare = max((of.item.total_cost or 0) - least, 0)
    total = least + spare * of.chance.randint(35, 95) // 100 // ROUND * ROUND
    amounts = parts(total, [weight + of.chance.randint(0, 6) for _, weight in COSTS])
    rows = []
    for place, ((kind, _), amount) in enumerate(zip(COSTS, amounts, strict=True)):
        signed = of.day - timedelta(days=of.chance.randint(5, 120))
        rows.append({
            "kind": kind.format(equipment=_equipment(of)), "amount": _sum(amount), "day": signed.isoformat(),
            "contract": f"Договор № {of.chance.randint(11, 480)}-{place + 1}/{signed:%y} от {signed:%d.%m.%Y}",
        })  # fmt: skip
    return rows


def _indicators(of: Subject) -> Row:
    item, chance, figures = of.item, of.chance, of.figures
    reduction = Decimal(figures["import_reduction"])
    after = Decimal(chance.randint(2, int(98 - reduction)))
    return {
        "by_year": _keyed("i", _by_year(of)),
        "jobs": figures["jobs"],
        "import_before": format(after + reduction, "f"),
        "import_after": format(after, "f"),
        "payback_years": figures["payback_years"],
        "cluster_share": figures["cluster_share"],
        "npv": _sum((item.total_cost or 0) * chance.randint(8, 42) // 100 // ROUND * ROUND),
        "irr": f"{chance.randint(1450, 3180) / 100:.2f}",
    }


def _by_year(of: Subject) -> list[Row]:
    """Output that grows to full capacity; taxes that come to the archive's ratio to the subsidy."""
    chance = of.chance
    taxes = parts(int(Decimal(of.figures["tax_ratio"]) * (of.item.requested or 0)), [2, 9, 17, 22, 24])
    full = (of.item.total_cost or 0) * chance.randint(70, 110) // 100
    wage, abroad = chance.randint(920, 1480) * 1000_00, chance.choice((0, 0, 4, 9))
    rows = []
    for place, (tax, ready) in enumerate(zip(taxes, (6, 38, 74, 100, 106), strict=True)):
        output = full * ready // 100 // ROUND * ROUND + tax
        rows.append({
            "year": str(of.starts.year + place),
            "output": _sum(output),
            "revenue": _sum(output * chance.randint(93, 99) // 100 // ROUND * ROUND),
            "wages": _sum(int(of.figures["jobs"]) * wage * ready // 100 // ROUND * ROUND),
            "taxes": _sum(tax),
            "export": _sum(output * abroad // 100 // ROUND * ROUND),
        })  # fmt: skip
    return rows


def _buyers(of: Subject) -> list[Row]:
    """The members of the cluster that buy its share of the output, and others."""
    item, chance = of.item, of.chance
    sales = (item.total_cost or 0) * chance.randint(110, 190) // 100
    within = int(sales * Decimal(of.figures["cluster_share"]) / 100) // ROUND * ROUND
    own = [(one.organisation.name, one.organisation.inn) for one in item.partners[:2]]
    others = [(name, _inn(960_000 + chance.randint(1, 8999))) for name in of.trade.buyers]
    papers = ("contract", "preliminary", "letter", "letter")
    first, last = of.ends.year, of.ends.year + chance.randint(2, 4)
    amounts = [*parts(within, [3, 2][: len(own)]), *parts(sales - within, [5, 3, 2])]
    return [
        {
            "name": name, "inn": inn, "paper": chance.choice(papers), "volume": _sum(amount),
            "period": f"{first}–{last} годы, поставки ежеквартально",
        }
        for (name, inn), amount in zip([*own, *others], amounts, strict=True)
    ]  # fmt: skip


def _inn(serial: int) -> str:
    """An ИНН of the tax office 0000, which does not exist."""
    digits = f"0000{serial % 100_000:05d}"
    return digits + str(sum(int(one) * weight for one, weight in zip(digits, INN_WEIGHTS, strict=True)) % 11 % 10)


def _risks(of: Subject) -> list[Row]:
    chance = of.chance
    chosen = [(of.trade.risk, of.trade.measure, 3, 4), *chance.sample(RISKS, chance.randint(3, 5))]
    return [
        {
            "risk": risk, "probability": str(probability), "impact": str(impact), "measure": measure,
            "owner": chance.choice(OWNERS),
        }
        for risk, measure, probability, impact in chosen
    ]  # fmt: skip


_MAKERS: Mapping[str, Callable[[Subject], Row]] = {
    "applicant": _applicant,
    "participants": lambda of: {"partners": _keyed("p", _partners(of))},
    "project": _project,
    "finance": _finance,
    "indicators": _indicators,
    "demand": lambda of: {"buyers": _keyed("b", _buyers(of))},
    "risks": lambda of: {"risks": _keyed("r", _risks(of))},
}
