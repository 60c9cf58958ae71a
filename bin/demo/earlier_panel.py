"""The work of the panel of 2025: balanced tasks, and marks of the model that panel-2025.toml describes.

An expert's mark is the project's usual mark, his severity, what he thinks of this project as a whole (the halo) and
noise. One expert does not look at the projects. Nothing is told by hand here, unlike in 2026.
"""

import random
from datetime import datetime

from demo.content import Content, Panellist, Project, read
from demo.panel import CRITERIA, MOSCOW, Pair, Sheet, Writer, employer_conflict, match, moment, weighted

SEED = 41_2025
FIRST_DAY = datetime.fromisoformat("2025-09-29T00:00:00" + MOSCOW)
LAST_DAYS = datetime.fromisoformat("2025-10-23T00:00:00" + MOSCOW)
EACH = 3
WIDEST_TOTAL, WIDEST_MARK = 125, 5
"""Ten times the points by which totals may differ, and the difference of marks from which experts have diverged."""
REASON = "Дополнительная экспертиза: оценки разошлись больше, чем допускают правила."
OFTEN, SELDOM = 0.4, 0.1


class EarlierPanel:
    """Assign, mark and comment, always in the same way."""

    def __init__(self, content: Content, projects: list[Project]) -> None:
        self.random, own = random.Random(SEED), random.Random(SEED)  # noqa: S311 -- believable variety, nothing secret
        self.model = read("panel-2025")
        self.noise = {one["code"]: one["noise"] for one in self.model["criterion"]}
        self.manners = {one["email"]: one for one in self.model["expert"]}
        self.projects = projects
        self.experts = _experts(content, self.model)
        self.load = {expert.email: 0 for expert in self.experts}
        self.conflicts = self._conflicts()
        self.barred = {(email, number) for email, number, _ in self.conflicts}
        self.writer = Writer(_sentences(content, self.model), own)

    def work(self) -> list[Pair]:
        """Return the reviews of every admitted application."""
        return [pair for project in self.projects if project.status == "admitted" for pair in self._judge(project)]

    def _conflicts(self) -> list[tuple[str, str, str]]:
        found = []
        for project in self.projects:
            for expert in self.experts:
                reason = employer_conflict(expert, project)
                found += [(expert.email, project.number, reason)] if reason else []
            found += [
                (one["expert"], project.number, one["reason"])
                for one in self.model["conflict"]
                if one["initiator"] == project.initiator.key
            ]
        return found

    def _judge(self, project: Project) -> list[Pair]:
        pairs = [Pair(expert, project, None) for expert in self._choose(project, EACH, ())]
        for pair in pairs:
            self._hand_in(pair, moment(self.random, FIRST_DAY, 23))
        if diverged([pair.sheet for pair in pairs if pair.sheet]):
            expert = self._choose(project, 1, tuple(pair.expert.email for pair in pairs))[0]
            extra = Pair(expert, project, None, additional=True, reason=REASON)
            self._hand_in(extra, moment(self.random, LAST_DAYS, 7))
            pairs.append(extra)
        return pairs

    def _choose(self, project: Project, number: int, taken: tuple[str, ...]) -> list[Panellist]:
        """Take those who have least to do, of them rather those who know the subject."""
        free = [
            (self.load[one.email] - 0.4 * match(one, project) + 1.5 * self.random.random(), one.email, one)
            for one in self.experts
            if one.email not in taken
            and (one.email, project.number) not in self.barred
            and self.load[one.email] < one.max_load
        ]
        chosen = [one for _, _, one in sorted(free)[:number]]
        for one in chosen:
            self.load[one.email] += 1
        return chosen

    def _hand_in(self, pair: Pair, submitted: datetime) -> None:
        careless = self.manners[pair.expert.email].get("careless", False)
        pair.sheet, pair.submitted = self._sheet(pair, careless=careless), submitted
        pair.comments = self.writer.comments(pair.project, pair.sheet, SELDOM if careless else OFTEN)

    def _sheet(self, pair: Pair, *, careless: bool) -> Sheet:
        """Mark the project; the careless sheet varies as much as others do and has nothing to do with it."""
        mean, spread = self.model["quality"]["mean"], self.model["quality"]["spread"]
        manner = self.manners[pair.expert.email]["severity"] + self.random.gauss(0, self.model["manner"]["halo"])
        if careless:
            usual = [mean + self.random.gauss(0, spread)] * len(CRITERIA)
        else:
            usual = [float(mark) for mark in pair.project.marks]
        return tuple(
            max(1, min(10, round(mark + manner + self.random.gauss(0, self.noise[code]))))
            for code, mark in zip(CRITERIA, usual, strict=True)
        )


def _experts(content: Content, model: dict) -> list[Panellist]:
    """Return those who judged: people of experts.toml, and the one who judged in that year only."""
    known = {row["email"]: row for row in read("experts")["expert"]}
    shared = {"max_load": model["manner"]["max_load"], "severity": 0}
    return [content.panellist({**known.get(row["email"], {}), **row, **shared}) for row in model["expert"]]


def _sentences(content: Content, model: dict) -> dict[str, dict[str, list[str]]]:
    """Return the sentences of comments.toml and those that were added for this year."""
    added = model["sentences"]
    return {
        code: {level: [*texts, *added.get(code, {}).get(level, ())] for level, texts in levels.items()}
        for code, levels in content.sentences.items()
    }


def diverged(sheets: list[Sheet]) -> bool:
    """Say whether the regular sheets differ more than the rules allow."""
    totals = [weighted(sheet) for sheet in sheets]
    ranges = [max(marks) - min(marks) for marks in zip(*sheets, strict=True)]
    return max(totals) - min(totals) > WIDEST_TOTAL or max(ranges) >= WIDEST_MARK
