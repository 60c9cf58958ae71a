"""The area of prepared downloads: what has had its day goes."""

from datetime import timedelta

from judging.jobs.kind import Done, JobTask

KEPT = timedelta(days=1)


def sweep(task: JobTask) -> Done:
    """Clear the files that have had their day, whoever asked for them and whatever became of the job."""
    storage = task.means.storage
    removed = 0 if storage is None else storage.clear_prepared(before=task.clock() - KEPT)
    return Done(result={"removed": removed})
