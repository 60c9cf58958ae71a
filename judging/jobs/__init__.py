"""Background work: functions that take ids and call one service, in short transactions of their own."""

from judging.jobs.documents import sweep_files
from judging.jobs.firmness import firmness_next
from judging.jobs.letters import deliver_letters, sweep
from judging.jobs.plans import get_ready, plan_next, run_plan

__all__ = ["deliver_letters", "firmness_next", "get_ready", "plan_next", "run_plan", "sweep", "sweep_files"]
