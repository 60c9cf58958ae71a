"""The table of facts about the rows alone. To add one, write its function and one line here."""

from judging.domain.errors import N_
from judging.queries.invariants import applications, contests, documents, firmness, plans, rankings, reviews, windows
from judging.queries.invariants.checks import Invariant

FACTS: tuple[Invariant, ...] = (
    Invariant("status-known", N_("Every status is one of the lifecycle."), contests.strange_statuses),
    Invariant("rules-fit", N_("The rules of every contest read, and past the draft have no faults."),
              contests.unfit_rules),
    Invariant("rubric-fit", N_("Every criterion reads, and past the draft the rubric has no faults."),
              contests.unfit_rubrics),
    Invariant("number-counter", N_("The counter of applications is not behind the greatest number given."),
              contests.short_counters),
    Invariant("number-unique", N_("Registration numbers do not repeat within a contest."),
              applications.repeated_numbers),
    Invariant("submitted-in-time", N_("Applications were submitted inside the window or came with an archive."),
              windows.late_submissions),
    Invariant("submission-recorded", N_("The journal has every submission with the hash of its receipt."),
              applications.unexplained_submissions),
    Invariant("sweep-recorded", N_("Every file that was cleared is on record, and none of them was submitted."),
              documents.wrongly_swept),
    Invariant("indicators-read", N_("Every indicator of an application is a decimal."),
              applications.unread_indicators),
    Invariant("review-dated", N_("A submitted review has its time of submission."), reviews.undated),
    Invariant("marks-on-scale", N_("Every mark is on the scale of its criterion."), reviews.marks_off_scale),
    Invariant("review-declared", N_("No review is in work or submitted without a declaration."), reviews.undeclared),
    Invariant("review-unconflicted", N_("No review is awaited from an expert in conflict."), reviews.in_conflict),
    Invariant("version-hash", N_("Every kept version of a score sheet gives its hash."), reviews.false_versions),
    Invariant("sheet-as-handed-in", N_("A submitted score sheet is the version that was handed in last."),
              reviews.changed_sheets),
    Invariant("expert-load", N_("No expert has more applications than the limit."), reviews.overloaded, warning=True),
    Invariant("plan-within-contest", N_("Everything in a draft plan belongs to its contest."), plans.strangers),
    Invariant("plan-hash", N_("Every draft plan's input gives its hash."), plans.false_hashes),
    Invariant("plan-recorded", N_("The journal has every applied plan with its hash."), plans.unexplained),
    Invariant("plan-carried-out", N_("What an applied plan added is there, or its removal is recorded."),
              plans.lost_pairs),
    Invariant("snapshot-hash", N_("Every frozen ranking gives its hash."), rankings.false_hashes),
    Invariant("snapshot-ranking", N_("Every frozen ranking follows from the contest stored with it."),
              rankings.false_rankings),
    Invariant("snapshot-recorded", N_("The journal has every frozen ranking with its hash."),
              rankings.unexplained_snapshots),
    Invariant("frozen-has-snapshot", N_("A frozen, approved or published ranking has its snapshot in force."),
              rankings.unfrozen),
    Invariant("firmness-report", N_("Every report on firmness reads and is of the data under which it is stored."),
              firmness.false_reports),
)  # fmt: skip
"""Every fact that the rows of the database show by themselves, in the order of checking."""
