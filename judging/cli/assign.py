"""``flask contest assign``: a plan of the assignment made, kept as a draft or applied, checked from its protocol."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, BinaryIO

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging import jobs
from judging.cli.facts import contest_of
from judging.cli.groups import contest as commands
from judging.cli.refusals import REFUSED, refusals, refuse
from judging.cli.tables import printable
from judging.domain.access import CONSOLE, By
from judging.domain.canonical import canonical_json
from judging.domain.distribution import Goal, PlanKind
from judging.domain.errors import RuleViolation
from judging.domain.lifecycle import PlanStatus
from judging.domain.plan_explanation import Message, worded
from judging.extensions import db
from judging.models import AssignmentPlan, Contest
from judging.models.engine import reads_only
from judging.queries.assignment.plans import assignment_rules
from judging.queries.assignment.plans.causes import worded_diagnosis, worded_relaxations
from judging.services import assignment
from judging.services.assignment.plan_input import load_input
from judging.services.assignment.plan_protocol import Question, protocol_of, question_of, result_of, solve_question

Document = Mapping[str, Any]


@commands.command()
@click.argument("code", required=False)
@click.option("--goal", type=click.Choice([goal.value for goal in Goal]), help="Default: the contest's rules.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), help="Default: the contest's rules.")
@click.option("--partial", is_flag=True, help="Fill as many places as possible where no full plan exists.")
@click.option("--keep", is_flag=True, help="Keep the proposals that are there; add what is missing.")
@click.option("--dry-run", is_flag=True, help="Print the plan's figures and store nothing.")
@click.option("--apply", "apply_at_once", is_flag=True, help="Make proposals of the plan at once.")
@click.option("--output", type=click.File("wb", atomic=True), help="Write the plan's protocol (JSON) to this file.")
@click.option("--check", type=click.File("rb"), help="Recompute this protocol instead and compare, to the letter.")
def assign(
    code: str | None,
    goal: str | None,
    seed: int | None,
    *,
    partial: bool,
    keep: bool,
    dry_run: bool,
    apply_at_once: bool,
    output: BinaryIO | None,
    check: BinaryIO | None,
) -> None:
    """Plan who judges what in the contest CODE, and keep the plan as a draft for the secretary.

    No expert is told anything. Exit status 2 where no plan is possible (the reasons are printed); --check exits with 1
    where the protocol's result or hash is not what the computation gives.
    """
    with refusals():
        if check is not None:
            check_protocol(check)
            return
        if code is None:
            refuse("Name the contest by its code, or a protocol with --check.")
        wanted = {"goal": None if goal is None else Goal(goal), "seed": seed, "partial": partial, "keep": keep}
        protocol = _planned(code, wanted) if dry_run else _stored(code, wanted, apply_at_once=apply_at_once)
    if output is not None:
        output.write(canonical_json(protocol))
    if "diagnosis" in protocol["result"]:
        sys.exit(REFUSED)


def check_protocol(file: BinaryIO) -> None:
    """Recompute a protocol from the file alone; then say whether its contest still gives the same input."""
    try:
        protocol = json.loads(file.read())
        question = question_of(protocol)
        result = result_of(question.document, solve_question(question))
    except (ValueError, LookupError, TypeError) as error:
        raise RuleViolation("The file is no protocol of a plan: %(error)s", error=repr(error)) from error
    same_input = question.digest == protocol.get("input_sha256")
    same_result = result == protocol.get("result")
    click.echo(f"Input hash: {'as stated' if same_input else 'NOT as stated'} ({question.digest}).")
    click.echo(f"Result: {'the same to the letter' if same_result else 'NOT the same'}.")
    click.echo(printable(_present(protocol, question)))
    if not (same_input and same_result):
        sys.exit(1)


def _present(protocol: Document, question: Question) -> str:
    """Whether the contest as it is now would give the same plan."""
    try:
        contest = contest_of(str(protocol.get("contest")))
    except RuleViolation:
        return "The contest is not in this database."
    situation = load_input(db.session, contest, PlanKind(question.document["kind"]))
    now = replace(question, document=situation.document)
    same = now.digest == question.digest
    return f"The contest {contest.code} as it is now gives {'the same' if same else 'ANOTHER'} input."


def _planned(code: str, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Plan without storing anything."""
    contest = contest_of(code)
    rules = assignment_rules(db.session, contest.id)
    situation = load_input(db.session, contest, PlanKind.REGULAR)
    seed = rules.seed if wanted["seed"] is None else wanted["seed"]
    question = Question(situation.document, wanted["goal"] or rules.goal, seed, wanted["partial"], wanted["keep"])
    db.session.commit()
    protocol = protocol_of(question, solve_question(question), contest.code, datetime.now(UTC))
    _print(report(db.session, contest, protocol))
    click.echo("Nothing is stored.")
    return protocol


def _stored(code: str, wanted: Mapping[str, Any], *, apply_at_once: bool) -> dict[str, Any]:
    """Plan as the secretary's page does, and apply the plan where that is asked for."""
    contest = contest_of(code)
    db.session.commit()
    reads_only.set(False)
    plan = assignment.request_plan(
        db.session, contest, assignment.PlanRequest(**wanted), by=By(CONSOLE, datetime.now(UTC))
    )
    db.session.commit()
    jobs.run_plan(plan.id)
    plan = _made(db.session, plan.id)
    _print(report(db.session, contest, plan.protocol or {}))
    if plan.status == PlanStatus.READY and apply_at_once:
        assignment.apply_plan(db.session, contest, plan, version=plan.version, by=By(CONSOLE, datetime.now(UTC)))
        click.echo("Applied: the pairs are proposed. Tell the experts on the board of the contest.")
    elif plan.status == PlanStatus.READY:
        click.echo("Stored as a draft. Look at it on the board of the contest and apply it there, or give --apply.")
    db.session.commit()
    return plan.protocol or {}


def _made(session: Session, plan_id: int) -> AssignmentPlan:
    plan = session.scalars(
        select(AssignmentPlan).where(AssignmentPlan.id == plan_id).execution_options(populate_existing=True)
    ).one()
    if plan.protocol is None:
        raise RuleViolation(plan.error or "The plan was taken over by another worker. Look at the board.")
    return plan


def report(session: Session, contest: Contest, protocol: Document) -> Iterator[str]:
    """The figures of a plan, or why there is none, line by line."""
    result = protocol["result"]
    experts, applications = protocol["input"]["experts"], protocol["input"]["applications"]
    yield f"{contest.code}: {len(applications)} applications, {len(experts)} experts"
    yield f"Goal {protocol['goal']}, seed {protocol['seed']}, input {protocol['input_sha256']}"
    if "diagnosis" in result:
        yield from _impossible(session, contest, result["diagnosis"])
        return
    certificate = result["certificate"]
    if certificate["floor_bound"] is None:
        yield f"Worst served application: {result['floor']}"
    else:
        yield f"Worst served application: {_bounded(result['floor'], certificate['floor_bound'])}"
    yield f"Total match: {_bounded(result['total'], certificate['total_bound'])} at this worst"
    yield _optimality(certificate)
    if protocol["keep"]:
        yield f"Of the proposals made {_kept(protocol)} are kept; plans that keep the same ones are compared."
    yield from _loads(result["pairs"], experts)
    for number, count in result["missing"].items():
        yield f"Application {number} lacks {count} experts."


def _kept(protocol: Document) -> str:
    """How many of how many."""
    document, pairs = protocol["input"], protocol["result"]["pairs"]
    emails = [expert["email"] for expert in document["experts"]]
    numbers = [application["number"] for application in document["applications"]]
    kept = sum(emails[expert] in pairs[numbers[application]] for expert, application in document["previous"])
    return f"{kept} of {len(document['previous'])}"


def _bounded(value: int, bound: float) -> str:
    return f"{value}, no plan above {_plain(bound)}, gap {_plain(max(0.0, bound - value))}"


def _plain(bound: float) -> str:
    """A bound with all its digits and no more."""
    return f"{bound:.3f}".rstrip("0").rstrip(".")


def _optimality(certificate: Document) -> str:
    if certificate["optimal"]:
        return "The plan is optimal."
    if certificate["limit_reached"]:
        return "The search stopped at its limit: this is the best plan found."
    return "The plan is the best found; the bounds leave a gap."


def _loads(pairs: Mapping[str, Iterable[str]], experts: Iterable[Document]) -> Iterator[str]:
    loads = {expert["email"]: 0 for expert in experts}
    for emails in pairs.values():
        for email in emails:
            loads[email] += 1
    if loads:
        idle, full = sum(not load for load in loads.values()), sum(loads[e["email"]] >= e["max_load"] for e in experts)
        yield f"Loads: {min(loads.values())} to {max(loads.values())}; experts without work: {idle}, full: {full}"


def _impossible(session: Session, contest: Contest, diagnosis: Document) -> Iterator[str]:
    yield "No full plan is possible."
    yield from map(_english, worded_diagnosis(session, contest.id, diagnosis))
    for message in worded_relaxations(session, contest.id, diagnosis):
        yield f"Checked, would help: {_english(message)}"
    yield "Give --partial to fill as many places as possible."


def _english(message: Message) -> str:
    return worded(message, lambda template: template)


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(printable(line))
