"""Downloads of large contests: written beside the requests, kept for a day in an area of their own."""

from tempfile import TemporaryFile

from sqlalchemy.orm import Session

from judging.adapters.storage import Storage
from judging.adapters.translations import translated
from judging.domain.lifecycle import STATUS_LABELS, ApplicationStatus, Subject
from judging.exports import CATALOGUE, Export, RankingExport
from judging.exports.making import make_export, reported, with_reports
from judging.jobs.kind import Done, JobTask, Unwanted
from judging.models import Contest, Job, RankingSnapshot
from judging.queries import rankings
from judging.queries.firmness import ready_reports

STEPS = 3
WORDS = STATUS_LABELS[Subject.APPLICATION]


def work(task: JobTask) -> Done:
    """Write one file and store it; who asked for it finds it by the result."""
    storage, entry = task.means.storage, CATALOGUE.get(task.args["entry"])
    if storage is None or entry is None:
        raise Unwanted
    export, revision = _read(task, entry)
    task.progress(2, STEPS)
    key = _written(storage, task.token, entry, export)
    task.progress(STEPS, STEPS)
    result = {
        "file": key, "name": entry.named(export), "rows": len(export.ranking.rows),
        "snapshot": export.snapshot_number, "revision": revision, "status": export.contest_status,
        "unreported": entry.reports and not reported(export),
    }  # fmt: skip
    return Done(result=result)


def _read(task: JobTask, entry: Export) -> tuple[RankingExport, int]:
    """The facts of the file as they are at one instant, and the revision of the ranking that they are of."""
    with task.reading() as session:
        contest, job = session.get(Contest, task.args["contest"]), session.get_one(Job, task.id)
        if contest is None:
            raise Unwanted
        export = make_export(
            session,
            contest,
            made_at=task.clock(),
            made_by=job.asked_by,
            word=lambda status: translated(task.args["locale"], WORDS[ApplicationStatus(status)], {}),
            live=lambda: rankings.compute_ranking(session, contest.id),
            snapshot=_stored(session, contest, task.args["snapshot"]),
            filter_text=task.args["filter"],
        )
        task.progress(1, STEPS)
        if entry.reports:
            export = with_reports(export, ready_reports(session, contest.id, export.record, export.ranking))
        return export, contest.ranking_revision


def _stored(session: Session, contest: Contest, number: int) -> RankingSnapshot | None:
    """The snapshot that is wanted; None where it is the live ranking."""
    found = rankings.snapshot(session, contest.id, number) if number else None
    if number and found is None:
        raise Unwanted
    return found


def _written(storage: Storage, token: str, entry: Export, export: RankingExport) -> str:
    with TemporaryFile() as file:
        for part in entry.parts(export):
            file.write(part)
        return storage.put_prepared(token, file)
