"""Milestones as files have them: at an instant, or so many days after another one; each is named once."""

from collections.abc import Sequence
from datetime import tzinfo
from typing import Annotated, Any

from pydantic import AfterValidator, Field, TypeAdapter

from judging.adapters.strict_json.fields import ArchiveObject, Enumerated, Instant
from judging.adapters.strict_json.notation import instant_text, path_text
from judging.adapters.strict_json.reader import Reader
from judging.domain.errors import N_, Fault, Unfit
from judging.domain.fields.bounds import LONGEST_REASON
from judging.domain.milestones import COLUMNS, After, Code, Plan
from judging.domain.record import PlannedMilestone
from judging.domain.workdays import MOST_DAYS, Unit

Json = dict[str, Any]


def _planned(code: Code) -> Code:
    if code in COLUMNS:
        raise Unfit(N_("This date stands among the terms"))
    return code


class MilestoneModel(ArchiveObject):
    """One of the ``milestones`` of a file of settings: how it is planned."""

    code: Annotated[Code, Enumerated, AfterValidator(_planned)]
    at: Instant | None = None
    after: Annotated[Code, Enumerated] | None = None
    days: Annotated[int, Field(ge=1, le=MOST_DAYS)] | None = None
    unit: Annotated[Unit, Enumerated] | None = None

    def value(self) -> PlannedMilestone | None:
        """Return the milestone; None where it has no plan, or two."""
        plan = self.plan()
        return None if plan is None else PlannedMilestone(self.code, plan)

    def plan(self) -> Plan | None:
        """Return when it is to come; None where nothing says so, or two things do."""
        if self.at is not None and (self.after, self.days, self.unit) == (None, None, None):
            return self.at
        if self.at is None and self.after is not None and self.days is not None and self.unit is not None:
            return After(self.after, self.days, self.unit)
        return None


class ComingModel(MilestoneModel):
    """One of the ``milestones`` of an archive: that it came by hand is said there too, with the reason."""

    came_at: Instant | None = None
    reason: Annotated[str, Field(max_length=LONGEST_REASON)] = ""

    def value(self) -> PlannedMilestone | None:
        """Return the milestone; None where it has no plan, or two."""
        plan = self.plan()
        return None if plan is None else PlannedMilestone(self.code, plan, self.came_at, self.reason)


PLANNED, COMING = TypeAdapter(MilestoneModel), TypeAdapter(ComingModel)


def read_milestones(
    reader: Reader, adapter: TypeAdapter[Any], raw: Sequence[Any], *place: str | int
) -> list[PlannedMilestone | None]:
    """Return the milestones of a list; None for one that has a fault."""
    found: list[PlannedMilestone | None] = []
    for index, one in enumerate(raw):
        model: MilestoneModel | None = reader.fitting(adapter, one, *place, index)
        milestone = None if model is None else model.value()
        if model is not None and milestone is None:
            message = N_("either at an instant, or so many days of a unit after another milestone")
            reader.faults.append(Fault(path_text(*place, index), message))
        elif milestone is not None and milestone.code in {known.code for known in found if known}:
            message, params = N_("The code %(code)s is used twice"), {"code": milestone.code.value}
            reader.faults.append(Fault(path_text(*place, index, "code"), message, params))
            milestone = None
        found.append(milestone)
    return found


def milestone_object(milestone: PlannedMilestone, zone: tzinfo) -> Json:
    """Return a milestone as files write it."""
    plan = milestone.plan
    written: Json = {"code": milestone.code.value}
    if isinstance(plan, After):
        written |= {"after": plan.code.value, "days": plan.days, "unit": plan.unit.value}
    else:
        written |= {"at": instant_text(plan, zone)}
    if milestone.came_at is not None:
        written |= {"came_at": instant_text(milestone.came_at, zone)}
    return written | ({"reason": milestone.reason} if milestone.reason else {})
