"""The area of prepared downloads, and files that were never sent to their end: what has had its day goes."""

from datetime import timedelta

from judging.jobs.kind import Done, JobTask

KEPT = timedelta(days=1)


def sweep(task: JobTask) -> Done:
    """Clear the files that have had their day, whoever asked for them and whatever became of the job."""
    storage, arriving, before = task.means.storage, task.means.arriving, task.clock() - KEPT
    removed = 0 if storage is None else storage.clear_prepared(before=before)
    unfinished = 0 if arriving is None else arriving.sweep(before)
    return Done(result={"removed": removed, "unfinished": unfinished} if unfinished else {"removed": removed})
