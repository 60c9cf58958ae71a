"""``python -m tests.attack [GROUP …] [--only WORDS]``; exit 1 if one was answered wrongly or a save lost."""

import argparse
import tempfile
import time
from pathlib import Path

from tests.attack.groups import GROUPS
from tests.attack.measuring import Outcome, measured
from tests.attack.target import Attack, Target, make_target
from tests.databases import migrated_database
from tests.faults.server import Server

HEAD = f"{'tried':62} {'answer':>6} {'s':>6} {'MB':>6} {'saves':>6} {'slowest':>8}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="make attack", description="Try to stop a server, and look at the others.")
    parser.add_argument("groups", nargs="*", choices=[*GROUPS, []], help="default: all of them")
    parser.add_argument("--only", default="", help="only attacks with these words in their title")
    parser.add_argument("--postgresql", action="store_true", help="a server on PostgreSQL instead of an SQLite file")
    given = parser.parse_args()
    database = migrated_database("judging_attack") if given.postgresql else ""
    with tempfile.TemporaryDirectory(prefix="judging-attack-") as folder:
        target = make_target(Path(folder), database)
        server = Server(target.site.environment)
        server.start()
        try:
            time.sleep(1)
            wrong = [line for name in given.groups or GROUPS for line in _group(name, target, server, given.only)]
        finally:
            server.stop()
    print(f"\n{len(wrong)} answered wrongly" if wrong else "\nEverything was answered as it should be.")
    return int(bool(wrong))


def _group(name: str, target: Target, server: Server, only: str) -> list[str]:
    """Carry out the attacks of a group, print a line for each, and return the titles of those answered wrongly."""
    print(f"\n{name}\n{HEAD}", flush=True)
    wrong, worst = [], [0.0, 0.0, 0.0]
    for attack in GROUPS[name](target):
        if only not in attack.title:
            continue
        outcome = measured(attack, target, server.port, server.processes[0].pid)
        good = _is_right(attack, outcome)
        worst = [max(pair) for pair in zip(worst, (outcome.seconds, outcome.memory, outcome.slowest), strict=True)]
        print(_line(attack, outcome) + ("" if good else "  WRONG"), flush=True)
        wrong += [] if good else [attack.title]
    print(f"{'worst':62} {'':6} {worst[0]:6.2f} {worst[1]:6.0f} {'':6} {worst[2]:8.2f}", flush=True)
    return wrong


def _is_right(attack: Attack, outcome: Outcome) -> bool:
    return outcome.answer.status in attack.statuses and outcome.lost == 0


def _line(attack: Attack, outcome: Outcome) -> str:
    lost = f"  {outcome.lost} saves lost" if outcome.lost else ""
    return (
        f"{attack.title[:62]:62} {outcome.answer.status:6} {outcome.seconds:6.2f} {outcome.memory:6.0f} "
        f"{outcome.saves:6} {outcome.slowest:8.2f}{lost}"
    )


if __name__ == "__main__":
    raise SystemExit(main())
