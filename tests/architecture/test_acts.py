"""Each act is one function of services, told by :class:`judging.domain.access.By` who asks (docs/adr/0019)."""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOOR = "judging.services.audit"
PLAYED = "judging.services.demo."
"""The demonstration plays many people at instants of its own."""
OF_THE_CLOCK = {"judging.services.clock.note_steps"}
"""Each step of the clock brings the instant at which it was noticed, and is nobody's act."""
IN_JOBS = {"judging.jobs.retrying.retry_job"}
"""The one act that has to know the registry of jobs; the work of a job calls acts, and names the system."""
NEITHER_ASKED_NOR_SAID = {"session", "by", "base_url", "tasks_url", "rules", "write", "read", "steps"}
"""No values of a request: the transaction, who asks, where links of letters lead, what was read or noticed already."""
MOST = 4
"""What the act is about, and three values more."""
Function = tuple[str, ast.FunctionDef]


@cache
def modules(floor: str) -> Mapping[str, ast.Module]:
    """The modules of a floor by their dotted names."""
    paths = sorted((ROOT / "judging" / floor).rglob("*.py"))
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): ast.parse(
            path.read_text("utf-8")
        )
        for path in paths
    }


def brought(tree: ast.Module) -> Mapping[str, str]:
    """Names that a module imports from services and jobs, and what they stand for."""
    return {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("judging.services", "judging.jobs"))
        for alias in node.names
    }


def called(module: str, tree: ast.Module, function: ast.FunctionDef) -> Iterator[str]:
    """Full names of what a function calls or passes on: its module's own, and what it imports."""
    known, own = brought(tree), set(parameters(function))
    own |= {node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and node.id not in own:
            yield known.get(node.id, f"{module}.{node.id}")
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in known:
            yield f"{known[node.value.id]}.{node.attr}"


@cache
def functions() -> Mapping[str, Function]:
    """Every function of services and jobs by its full name; one that a package hands on has both names."""
    trees = {**modules("services"), **modules("jobs")}
    found = {
        f"{module}.{node.name}": (module, node)
        for module, tree in trees.items()
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
    }
    for module, tree in trees.items():
        found |= {f"{module}.{name}": found[full] for name, full in brought(tree).items() if full in found}
    return found


@cache
def recording() -> frozenset[str]:
    """Full names of the functions that write to the journal, themselves or through another."""
    trees = {**modules("services"), **modules("jobs")}
    calls = {name: set(called(module, trees[module], node)) for name, (module, node) in functions().items()}
    known = {f"{DOOR}.record"}
    while True:
        more = known | {name for name, names in calls.items() if names & known}
        if more == known:
            return frozenset(known)
        known = more


def acts() -> Mapping[str, ast.FunctionDef]:
    """The public functions that write to the journal, each by the name of the module it is defined in."""
    return {
        name: node
        for name, (module, node) in functions().items()
        if name in recording() and name == f"{module}.{node.name}" and not node.name.startswith("_")
        if name.startswith("judging.services.") or name in IN_JOBS
        if not name.startswith(PLAYED) and name not in OF_THE_CLOCK
    }


def parameters(function: ast.FunctionDef) -> list[str]:
    """Names of all parameters."""
    return [item.arg for item in [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]]


def test_the_acts_that_are_looked_at_are_those_there_are() -> None:
    some = {"judging.services.admission.decide_application", "judging.services.accounts.sessions.sign_in",
            "judging.services.conflicts.lift_conflict", "judging.services.rankings.compute_and_freeze",
            "judging.services.assignment.plan_edit.request_plan",
            "judging.services.accounts.role_approvals.approve_role", "judging.jobs.retrying.retry_job"}  # fmt: skip
    assert some - set(acts()) == set()


def test_every_act_is_told_by_whom_when_and_from_where_in_one() -> None:
    assert [name for name, function in acts().items() if "by" not in parameters(function)] == []
    apart = {"actor", "now", "address"}
    assert [name for name, function in acts().items() if apart & set(parameters(function))] == []


def test_an_act_of_many_values_takes_them_as_its_request() -> None:
    many = {name: [item for item in parameters(function) if item not in NEITHER_ASKED_NOR_SAID]
            for name, function in acts().items() if name != f"{DOOR}.record"}  # fmt: skip
    assert {name: values for name, values in many.items() if len(values) > MOST} == {}


def test_pages_and_commands_write_nothing_to_the_journal_themselves() -> None:
    trees = {**modules("web"), **modules("cli")}
    known = {name: set(brought(tree).values()) for name, tree in trees.items()}
    known |= {
        name: known[name]
        | {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        for name, tree in trees.items()
    }
    assert [name for name, names in known.items() if any(full.startswith(DOOR) for full in names)] == []


def test_a_page_asks_who_is_asking_in_one_place() -> None:
    made = [
        name
        for name, tree in modules("web").items()
        if any(isinstance(node, ast.Call) and getattr(node.func, "id", "") == "By" for node in ast.walk(tree))
    ]
    assert made == ["judging.web.access"]


def test_a_view_carries_out_one_act() -> None:
    """Either of two where a form offers a choice (``_remove``: a task is taken away, or handed over)."""
    composed = {
        f"{module}.{function.name}": sorted(found)
        for module, tree in modules("web").items()
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        if len(
            found := {
                functions()[full][1].name
                for full in called(module, tree, function)
                if full in recording() and full in functions()
            }
        )
        > 1
    }
    assert composed == {"judging.web.assignment.pages_proposals._remove": ["reassign_review", "remove_review"]}
