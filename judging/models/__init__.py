"""The tables: SQLAlchemy models with their constraints; no rules and no queries."""

from judging.models.accounts import (
    Grant,
    GrantRequest,
    Link,
    RateHit,
    SignIn,
    Team,
    TeamMember,
    User,
)
from judging.models.admission import CheckMark
from judging.models.agreements import Agreement, AgreementAcceptance, AgreementVersion
from judging.models.applications import Application, Document, Partner
from judging.models.base import Base
from judging.models.clock import ClockMark, ClockStep
from judging.models.contests import Contest, Criterion, Nomination, ScheduleChange
from judging.models.discussions import (
    AdditionalCall,
    DiscussionMessage,
    DiscussionRead,
    DiscussionRules,
    DiscussionVersion,
)
from judging.models.experts import Conflict, Expert, LiftedConflict
from judging.models.firmness import FirmnessReport
from judging.models.forms import ApplicationSection, DocumentTemplate, FormVersion
from judging.models.jobs import Job
from judging.models.journal import JournalRecord, Letter, RequestKey, Seal
from judging.models.milestones import CalendarDay, CalendarYear, Extension, Milestone, MilestoneChange
from judging.models.organisations import Cluster, ClusterMember, Organisation
from judging.models.plans import AssignmentPlan, AssignmentRevision, AssignmentRules, PlannedApplication, PlannedPair
from judging.models.rankings import RankingSnapshot
from judging.models.reminders import ReminderRules
from judging.models.reviews import AgreedScore, KeptDraft, Review, ReviewVersion, SheetEdit
from judging.models.signatures import DocumentSignature, DocumentStamp
from judging.models.submissions import Submission, SubmissionReturn
from judging.models.teams import ApplicationMember, Certification, SectionWork, TeamInvitation, TeamRequest
from judging.models.visibility import EarlyLook
from judging.models.work import Work

__all__ = [
    "AdditionalCall", "AgreedScore", "Agreement", "AgreementAcceptance", "AgreementVersion", "Application",
    "ApplicationMember", "ApplicationSection", "AssignmentPlan", "AssignmentRevision", "AssignmentRules", "Base",
    "CalendarDay", "CalendarYear", "Certification", "CheckMark", "ClockMark", "ClockStep", "Cluster",
    "ClusterMember", "Conflict", "Contest", "Criterion", "DiscussionMessage", "DiscussionRead", "DiscussionRules",
    "DiscussionVersion", "Document", "DocumentSignature", "DocumentStamp", "DocumentTemplate", "EarlyLook",
    "Expert", "Extension", "FirmnessReport", "FormVersion", "Grant", "GrantRequest", "Job", "JournalRecord",
    "KeptDraft", "Letter", "LiftedConflict", "Link", "Milestone", "MilestoneChange", "Nomination", "Organisation",
    "Partner", "PlannedApplication", "PlannedPair", "RankingSnapshot", "RateHit", "ReminderRules", "RequestKey",
    "Review", "ReviewVersion", "ScheduleChange", "Seal", "SectionWork", "SheetEdit", "SignIn", "Submission",
    "SubmissionReturn", "Team", "TeamInvitation", "TeamMember", "TeamRequest", "User", "Work",
]  # fmt: skip
