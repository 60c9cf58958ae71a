"""The projects of the contest of 2025: authored products; titles, money, indicators and dates drawn from a seed."""

import math
import random
from datetime import datetime, timedelta

from demo.content import EXPERT_WEIGHTS, Content, Project, read

SEED = 41_2025
PREFIX = "PP41-2025"
FIRST_DAY = datetime.fromisoformat("2025-08-11")
LAST_DAY = datetime.fromisoformat("2025-09-12")
ON_LAST_DAY = 0.55
CAP = 150
"""Millions of roubles that one application may ask for."""


def earlier_projects(content: Content) -> list[Project]:
    """Return the projects in the order of submission."""
    return content.numbered(PREFIX, _Drawing().rows())


class _Drawing:
    """Draws rows like those of projects-1.toml, always the same."""

    def __init__(self) -> None:
        self.random = random.Random(SEED)  # noqa: S311 -- believable variety, nothing secret
        self.products = read("products-2025")
        self.model = read("panel-2025")
        self.moments: set[datetime] = set()

    def rows(self) -> list[dict]:
        """Return one row for every product; one application is rejected, another withdrawn."""
        products = self.products["product"]
        rows = [self._row(product, form) for product, form in zip(products, self._forms(len(products)), strict=True)]
        for row, status in zip(self.random.sample(rows, 2), ("rejected", "withdrawn"), strict=True):
            row["status"] = status
        return rows

    def _forms(self, number: int) -> list[str]:
        """Deal out the forms of titles evenly."""
        forms = self.products["forms"]
        dealt = [forms[place % len(forms)] for place in range(number)]
        self.random.shuffle(dealt)
        return dealt

    def _row(self, product: dict, form: str) -> dict:
        quality = self.random.gauss(0, 1)
        title = form.format(**product)
        kept = ("cluster", "of", "initiator", "partners", "topics", "position", "goal")
        return {
            **{key: product[key] for key in kept},
            "title": title[0].upper() + title[1:],
            "submitted": self._submitted().isoformat(),
            "marks": self._marks(quality),
            "plus": (),
            "minus": (),
            **self._money(),
            **self._promises(quality),
        }

    def _submitted(self) -> datetime:
        """Return an instant that nobody else has: many applications come on the last day."""
        if self.random.random() < ON_LAST_DAY:
            moment = LAST_DAY + timedelta(seconds=self.random.randrange(9 * 3600, 18 * 3600))
        else:
            day = FIRST_DAY + timedelta(days=self.random.randrange((LAST_DAY - FIRST_DAY).days))
            moment = day + timedelta(seconds=self.random.randrange(9 * 3600, 20 * 3600))
        if moment in self.moments:
            return self._submitted()
        self.moments.add(moment)
        return moment

    def _marks(self, quality: float) -> tuple[int, ...]:
        """Return the usual marks: the quality as far as a criterion follows it, and what the project has of its own."""
        model = {one["code"]: one for one in self.model["criterion"]}
        mean, spread = self.model["quality"]["mean"], self.model["quality"]["spread"]
        usual = (
            mean + model[code]["follows"] * spread * quality + self.random.gauss(0, model[code]["own"])
            for code in EXPERT_WEIGHTS
        )
        return tuple(max(1, min(10, round(mark))) for mark in usual)

    def _money(self) -> dict[str, str]:
        """Return the cost in millions of roubles and the private share in per cent; half at least is private."""
        total = round(min(420.0, max(60.0, math.exp(self.random.gauss(math.log(185), 0.45)))), 1)
        share = round(2 * self.random.triangular(50, 76, 58)) / 2
        while total * (100 - share) > 100 * CAP:
            share += 0.5
        return {"total": f"{total:.1f}", "share": f"{share:.1f}"}

    def _promises(self, quality: float) -> dict:
        """Return the indicators, a little better for better projects."""
        draw = self.random.triangular
        return {
            "jobs": round(min(90, max(12, math.exp(self.random.gauss(math.log(36), 0.45))))),
            "import_reduction": str(round(max(5, draw(10, 62, 34) + 4 * quality))),
            "payback": f"{max(3.1, draw(3.4, 8.6, 5.0) - 0.3 * quality):.1f}",
            "cluster_share": str(round(draw(6, 84, 30))),
            "tax": f"{max(0.4, draw(0.4, 3.1, 1.4) + 0.15 * quality):.1f}",
            "readiness": max(5, min(9, round(7 + 0.7 * quality + self.random.gauss(0, 0.5)))),
            "months": 2 * self.random.randrange(8, 18),
        }
