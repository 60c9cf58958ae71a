"""The work of the panel in the finished contest: who judges what, marks, comments, conflicts.

The story told on purpose, application by application, is in the tables below; the rest is drawn from a seed.
"""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from demo.content import EXPERT_WEIGHTS, Content, Panellist, Project, comma, millions

SEED = 41_2026
MOSCOW = "+03:00"
FIRST_DAY = datetime.fromisoformat("2026-09-28T00:00:00" + MOSCOW)
LAST_DAYS = datetime.fromisoformat("2026-10-22T00:00:00" + MOSCOW)
CRITERIA = tuple(EXPERT_WEIGHTS)

Sheet = tuple[int, ...]

# Exact ties are made by giving two applications the same marks on criteria of equal weight; divergences by hand.
SHEETS: dict[str, tuple[Sheet, ...]] = {
    "tom-radio": ((8, 8, 7, 9, 8, 7), (9, 8, 7, 8, 8, 7), (8, 7, 8, 9, 7, 7)),
    "lip-shpindel": ((8, 7, 8, 9, 7, 8), (8, 9, 7, 8, 7, 8), (7, 8, 8, 9, 7, 7)),
    "frz-svch": ((8, 7, 7, 8, 7, 7), (8, 7, 6, 8, 7, 6), (7, 7, 7, 9, 7, 7)),
    "kam-turbo": ((7, 8, 7, 8, 7, 7), (7, 8, 6, 8, 6, 7), (7, 7, 7, 9, 7, 7)),
    "frz-gtu": ((9, 9, 8, 7, 8, 8), (8, 8, 8, 6, 7, 8), (4, 5, 4, 4, 5, 4)),
    "brg-rolik": ((8, 7, 8, 8, 8, 7), (8, 8, 8, 3, 7, 7), (7, 7, 8, 8, 8, 7)),
    "chm-pvh": ((8, 8, 3, 6, 7, 6), (8, 7, 4, 6, 7, 6), (7, 8, 3, 6, 6, 6)),
}
ADDITIONAL: dict[str, Sheet] = {"frz-gtu": (7, 8, 8, 6, 7, 7), "brg-rolik": (8, 7, 7, 7, 8, 7)}
RECUSED = {
    "met-tormoz": (
        "p.zaharchenko@example.org",
        "Заявил самоотвод 24.09.2026: в 2024 году консультировал инициатора по программе испытаний.",
    )
}
# The reason of a conflict is a code where the system knows one, and words where a person had to explain.
FOUND_LATE = {
    "chm-katal": (
        "m.ignatyuk@example.org",
        "Выяснилось 21.10.2026, после сдачи листа: соавтор патента с разработчиком катализатора.",
    )
}
DECLARED = {
    "brg-rolik": ("s.kolokoltsev@example.org", "relative"),
    "irk-gidro": ("d.ostroverhov@example.org", "relations"),
}


@dataclass
class Pair:
    """One expert on one application as the archive tells it."""

    expert: Panellist
    project: Project
    sheet: Sheet | None
    submitted: datetime | None = None
    additional: bool = False
    reason: str | None = None
    comments: dict[str, str] = field(default_factory=dict)


def weighted(sheet: Sheet) -> int:
    """Sum of weight × mark: ten times the points of the sheet."""
    return sum(weight * mark for weight, mark in zip(EXPERT_WEIGHTS.values(), sheet, strict=True))


def employer_conflict(expert: Panellist, project: Project) -> str | None:
    """Return the stored reason, as judging/domain/conflicts.py writes it, by which the employer bars the expert."""
    if expert.employer in project.companies:
        role = "initiator" if expert.employer == project.initiator else "partner"
        return f"employer_{role}:{expert.employer.inn}"
    if expert.employer == project.cluster.managing:
        return f"employer_managing:{expert.employer.inn}"
    return None


def match(expert: Panellist, project: Project) -> int:
    """Count how far the expert's subjects are the project's."""
    classes = {topic[:2] for topic in project.topics}
    return 2 * len(set(expert.topics) & set(project.topics)) + any(topic[:2] in classes for topic in expert.topics)


def moment(source: random.Random, first: datetime, days: int) -> datetime:
    """Draw an instant between nine in the morning and nine in the evening of one of ``days`` days."""
    day = first + timedelta(days=source.randrange(days))
    return day + timedelta(seconds=source.randrange(9 * 3600, 21 * 3600))


class Panel:
    """Assign, mark and comment, always in the same way."""

    def __init__(self, content: Content) -> None:
        self.content = content
        self.experts = content.panel
        self.random = random.Random(SEED)  # noqa: S311 -- believable variety, nothing secret
        self.load = {expert.email: 0 for expert in content.panel}
        self.by_email = {expert.email: expert for expert in content.panel}
        self.writer = Writer(content.sentences, self.random)
        self.conflicts = self._conflicts()
        self.barred = {(email, number) for email, number, _ in self.conflicts}
        self.pairs: list[Pair] = []

    def work(self) -> list[Pair]:
        """Return the reviews of every admitted application."""
        for project in self.content.finished:
            if project.status == "admitted":
                self.pairs += self._judge(project)
        return self.pairs

    def _conflicts(self) -> list[tuple[str, str, str]]:
        found = []
        for project in self.content.finished:
            for expert in self.content.panel:
                reason = employer_conflict(expert, project)
                found += [(expert.email, project.number, reason)] if reason else []
            for table in (DECLARED, RECUSED, FOUND_LATE):
                if project.initiator.key in table:
                    email, reason = table[project.initiator.key]
                    found.append((email, project.number, reason))
        return found

    def _judge(self, project: Project) -> list[Pair]:
        key = project.initiator.key
        pairs = [Pair(expert, project, None) for expert in self._choose(project, 3)]
        for pair, sheet in zip(pairs, self._sheets(project, pairs), strict=True):
            self._hand_in(pair, sheet, moment(self.random, FIRST_DAY, 22))
        if key in RECUSED:
            pairs.append(self._recusal(project))
        if key in FOUND_LATE:
            pairs.append(self._uncounted(project))
        if key in ADDITIONAL:
            extra = Pair(self._choose(project, 1, pairs)[0], project, None, additional=True)
            extra.reason = "Дополнительная экспертиза: оценки разошлись больше, чем допускают правила."
            self._hand_in(extra, ADDITIONAL[key], moment(self.random, LAST_DAYS, 6))
            pairs.append(extra)
        return pairs

    def _recusal(self, project: Project) -> Pair:
        email, reason = RECUSED[project.initiator.key]
        return Pair(self.by_email[email], project, None, reason=reason)

    def _uncounted(self, project: Project) -> Pair:
        pair = Pair(self.by_email[FOUND_LATE[project.initiator.key][0]], project, None)
        self.load[pair.expert.email] += 1
        self._hand_in(pair, tuple(min(10, mark + 1) for mark in project.marks), moment(self.random, FIRST_DAY, 12))
        return pair

    def _choose(self, project: Project, number: int, taken: list[Pair] | tuple[Pair, ...] = ()) -> list[Panellist]:
        out = {pair.expert.email for pair in taken}
        free = [
            expert
            for expert in self.content.panel
            if (expert.email, project.number) not in self.barred
            and expert.email not in out
            and self.load[expert.email] < expert.max_load
        ]
        free.sort(key=lambda expert: (self.load[expert.email] * 2 - 3 * match(expert, project), expert.email))
        for expert in free[:number]:
            self.load[expert.email] += 1
        return free[:number]

    def _sheets(self, project: Project, pairs: list[Pair]) -> tuple[Sheet, ...]:
        if project.initiator.key in SHEETS:
            return SHEETS[project.initiator.key]
        while True:
            sheets = tuple(self._sheet(project, pair.expert) for pair in pairs)
            totals = [weighted(sheet) for sheet in sheets]
            ranges = [max(marks) - min(marks) for marks in zip(*sheets, strict=True)]
            if max(totals) - min(totals) <= 100 and max(ranges) <= 3:
                return sheets

    def _sheet(self, project: Project, expert: Panellist) -> Sheet:
        return tuple(self._mark(usual, expert.severity) for usual in project.marks)

    def _mark(self, usual: int, severity: int) -> int:
        manner = severity * self.random.choice((0, 1, 1))
        return max(1, min(10, usual + manner + self.random.choice((-1, 0, 0, 0, 1))))

    def _hand_in(self, pair: Pair, sheet: Sheet, submitted: datetime) -> None:
        pair.sheet, pair.submitted = sheet, submitted
        pair.comments = self.writer.comments(pair.project, sheet)


class Writer:
    """Comments: what is said of the project itself first, then sentences of the level, never the same one twice."""

    def __init__(self, sentences: dict[str, dict[str, list[str]]], source: random.Random) -> None:
        self.sentences = sentences
        self.random = source
        self.uses: dict[str, int] = {}
        self.said: set[str] = set()

    def comments(self, project: Project, sheet: Sheet, often: float = 0.6) -> dict[str, str]:
        """Comment every mark that must be commented and of the others the share ``often``."""
        marks = dict(zip(CRITERIA, sheet, strict=True))
        return {
            code: self._comment(project, code, mark)
            for code, mark in marks.items()
            if mark <= 3 or mark >= 9 or self.random.random() < often
        }

    def _comment(self, project: Project, code: str, mark: int) -> str:
        own = self._own(project, CRITERIA.index(code), mark) if project.plus else ""
        if own and self.random.random() < 0.65:
            return own
        frame = self._frame(project, code, level(mark))
        return f"{own} {frame}" if own else frame

    def _own(self, project: Project, place: int, mark: int) -> str:
        if mark <= 6:
            return self._once(project.minus[place])
        praise = self._once(project.plus[place])
        if mark >= 9 or praise:
            return praise
        remark = self._once(project.minus[place])
        return f"{self.random.choice(('Замечание', 'Слабое место', 'К доработке'))}. {remark}" if remark else ""

    def _once(self, sentence: str) -> str:
        if sentence in self.said:
            return ""
        self.said.add(sentence)
        return sentence

    def _frame(self, project: Project, code: str, name: str) -> str:
        options = [(self.uses.get(text, 0), self.random.random(), text) for text in self.sentences[code][name]]
        options = [option for option in options if fill(option[2], project) not in self.said] or options
        text = min(options)[2]
        self.uses[text] = self.uses.get(text, 0) + 1
        self.said.add(fill(text, project))
        return fill(text, project)


def level(mark: int) -> str:
    """Name the level of a mark on the scale of ten."""
    return next(name for floor, name in ((9, "top"), (7, "good"), (4, "middle"), (0, "low")) if mark >= floor)


def fill(text: str, project: Project) -> str:
    """Put the project's facts into a sentence."""
    return text.format(
        of=project.of,
        initiator=short_name(project.initiator.name),
        partner=short_name(project.partners[0][0].name),
        position=project.position[project.position.index("«") :],
        readiness=project.readiness,
        jobs=project.indicators["jobs"],
        share=comma(project.indicators["private_share"]),
        cluster=comma(project.indicators["cluster_share"]),
        imports=comma(project.indicators["import_reduction"]),
        payback=comma(project.indicators["payback_years"]),
        total=millions(project.total),
        requested=millions(project.requested),
    )


def short_name(name: str) -> str:
    """Name a company as people do: of a very long name only what stands in its inner quotes."""
    return f"ООО «{name[name.index('„') + 1 : name.index('“')]}»" if len(name) > 100 else name
