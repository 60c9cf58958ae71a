"""Background work: functions that take ids and call one service, in short transactions of their own."""

from judging.jobs.letters import deliver_letters, sweep
from judging.jobs.plans import plan_next, run_plan

__all__ = ["deliver_letters", "plan_next", "run_plan", "sweep"]
