"""What the papers and the passports say beyond the archive: dates, sources of money, stages, contacts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from demo.content import MARK, Project, comma, millions, money

LOAN_SHARES = (30, 40, 25, 45, 35)
STAGES = (
    ("Рабочая документация и договоры с участниками", 8),
    ("Закупка и изготовление оборудования и оснастки", 46),
    ("Монтаж, пусконаладка, обучение", 17),
    ("Стартовая партия и испытания", 19),
    ("Сертификация и выход на проектную мощность", 10),
)
ROLES = {
    "supplier": "поставщик",
    "buyer": "покупатель",
    "developer": "разработчик",
    "manufacturer": "производитель",
    "other": "иной участник",
}
PEOPLE = (
    ("Абросимова Вера Глебовна", "Абросимова В. Г."),
    ("Бахтин Егор Ильич", "Бахтин Е. И."),
    ("Вахрушева Дарья Павловна", "Вахрушева Д. П."),
    ("Гайнутдинов Марат Фанисович", "Гайнутдинов М. Ф."),
    ("Дьяконова Софья Андреевна", "Дьяконова С. А."),
    ("Ермилов Кирилл Олегович", "Ермилов К. О."),
    ("Журавель Инна Сергеевна", "Журавель И. С."),
    ("Зыков Артём Валерьевич", "Зыков А. В."),
    ("Калачёва Полина Юрьевна", "Калачёва П. Ю."),
    ("Лопатин Фёдор Макарович", "Лопатин Ф. М."),
    ("Мещерякова Алла Игоревна", "Мещерякова А. И."),
)
SUMMARIES = (
    "{goal} Исполнители: {names}. Работы занимают {months} мес. и ведутся на площадке инициатора, {place}. "
    "К выходу на проектную мощность создаётся {jobs} высокопроизводительных рабочих мест, доля импортных "
    "комплектующих снижается на {imports} п.п., {cluster} % выпуска покупают участники кластера.",
    "Проект объединяет организации кластера: {names}. {goal} Стоимость {total} млн ₽, из них {private} млн ₽ — "
    "собственные и заёмные средства. Срок окупаемости {payback} года. Участникам кластера предназначено {cluster} % "
    "продукции; импортных комплектующих станет меньше на {imports} п.п.",
    "{goal} Место в функциональной карте: {position}. Инициатор отвечает за серийный выпуск, остальные участники "
    "({partners}) — за свои переделы. Новых высокопроизводительных рабочих мест: {jobs}. Вложения {total} млн ₽ "
    "возвращаются за {payback} года.",
)


@dataclass(frozen=True)
class Facts:
    """A project with what its papers need; money in kopecks, ``stages`` are (name, from, to, cost)."""

    project: Project
    serial: int
    starts: date
    ends: date
    own: int
    loans: int
    stages: tuple[tuple[str, date, date, int], ...]
    taxes: int

    @property
    def contact(self) -> tuple[str, str]:
        """Return the contact person's full and short name."""
        return PEOPLE[self.serial % len(PEOPLE)]

    @property
    def director(self) -> str:
        """Return the short name of the initiator's director."""
        return PEOPLE[(self.serial + 4) % len(PEOPLE)][1]


def months_later(day: date, months: int) -> date:
    """Return the same day ``months`` months later; days here never exceed 28."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, day.day)


def facts(project: Project, serial: int) -> Facts:
    """Work out the facts of one project."""
    starts = date(project.submitted.year + 1, 1 + serial % 3, 11 + serial % 9)
    loans = project.private * LOAN_SHARES[serial % len(LOAN_SHARES)] // 100
    return Facts(
        project=project,
        serial=serial,
        starts=starts,
        ends=months_later(starts, project.months),
        own=project.private - loans,
        loans=loans,
        stages=stages(project, starts),
        taxes=int(Decimal(project.indicators["tax_ratio"]) * project.requested),
    )


def stages(project: Project, starts: date) -> tuple[tuple[str, date, date, int], ...]:
    """Split time and money between the stages; the costs add up to the project's."""
    shares = [share for _, share in STAGES]
    bounds = [months_later(starts, project.months * sum(shares[:place]) // 100) for place in range(len(shares))]
    bounds.append(months_later(starts, project.months))
    costs = [project.total * share // 100 for share in shares]
    costs[-1] += project.total - sum(costs)
    return tuple((name, bounds[place], bounds[place + 1], costs[place]) for place, (name, _) in enumerate(STAGES))


def passport(one: Facts) -> dict:
    """Return the passport fields that the archive does not hold."""
    project = one.project
    return {
        "goal": project.goal,
        "summary": summary(one),
        "readiness_level": project.readiness,
        "starts_on": one.starts.isoformat(),
        "ends_on": one.ends.isoformat(),
        "place": project.cluster.place,
        "own_funds": money(one.own),
        "loans": money(one.loans),
        "other_budget": money(0),
        "contact_name": one.contact[0],
        "contact_phone": f"+7 (495) 000-{one.serial // 10:02d}-{10 + one.serial:02d}",
        "contact_email": f"contact-{project.number[-3:]}@example.org",
        "functional_map_position": project.position,
    }


def summary(one: Facts) -> str:
    """Return the summary of a project in one of three manners."""
    project = one.project
    return SUMMARIES[one.serial % len(SUMMARIES)].format(
        goal=project.goal,
        names=", ".join(company.name for company in project.companies),
        partners=", ".join(company.name for company, _ in project.partners),
        months=project.months,
        place=project.cluster.place,
        position=project.position[0].lower() + project.position[1:],
        jobs=project.indicators["jobs"],
        imports=comma(project.indicators["import_reduction"]),
        cluster=comma(project.indicators["cluster_share"]),
        payback=comma(project.indicators["payback_years"]),
        total=millions(project.total),
        private=millions(project.private),
    )


def all_facts(projects: Iterable[Project]) -> list[Facts]:
    """Return the facts of every project; they depend on its place among ``projects``."""
    return [facts(project, serial) for serial, project in enumerate(projects, 1)]


def plain_cluster(project: Project) -> str:
    """Return the cluster's name without its mark: a paper bears a mark of its own."""
    return project.cluster.name.removesuffix(MARK)


def roubles(kopecks: int) -> str:
    """Write kopecks for a paper: «412 500 000,00»."""
    return f"{kopecks // 100:,}".replace(",", "\u00a0") + f",{kopecks % 100:02d}"


def russian_date(day: date) -> str:
    """Write a date as 11.01.2027."""
    return day.strftime("%d.%m.%Y")
