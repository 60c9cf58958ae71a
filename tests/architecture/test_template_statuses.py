"""No template compares a status with a literal: acts are asked of ``web/offers.py``, states of the lifecycle's enums.

A table of colours or words by status in a template is the same thing in another form: there is one in
``web/status_tones.py`` and one in the lifecycle.
"""

from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, nodes

from judging.domain.lifecycle import STATUSES

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
WORDS = {str(status) for statuses in STATUSES.values() for status in statuses}
OTHERS = {
    "assignment/_heat_map.html: cell.state recused",  # a state of a pair on the map (queries/assignment/heat.py)
    "ranking/prepared.html: state failed",  # a state of a job (domain/jobs.py)
    "scoring/_task.html: state submitted",  # a state of a task (queries/scoring.py)
}
"""Comparisons of what is no status with a word that is one elsewhere."""


def test_no_template_compares_a_status_with_a_literal() -> None:
    """Neither by a comparison nor by a table whose keys are statuses."""
    environment = Environment(extensions=["jinja2.ext.do"], autoescape=True)
    found = {
        f"{path.relative_to(TEMPLATES)}: {offence}"
        for path in sorted(TEMPLATES.rglob("*.html"))
        for offence in offences(environment.parse(path.read_text("utf-8")))
    }
    assert found == OTHERS


def test_offences_are_found() -> None:
    """Each form of a comparison, and a table; words that are compared with nothing are none."""
    source = """{% if a.status == "new" %}{% endif %}{% if b.c.plan_status not in ("x", "y") %}{% endif %}
    {{ d == "draft" }}{{ {"draft": 1, "admitted": 2}[e] }}{{ {"draft": 1, "other": 2}[e] }}{{ f("draft") }}
    {% if "withdrawn" != g["status"] %}{% endif %}{{ h.status == i }}"""
    assert sorted(offences(Environment(autoescape=True).parse(source))) == [
        "a table by status admitted draft",
        "a.status new",
        "b.c.plan_status x y",
        "d draft",
        "g.status withdrawn",
    ]


def offences(tree: nodes.Template) -> Iterator[str]:
    """Every comparison of a status with a literal, and of anything with a status; every table by status."""
    for compare in tree.find_all(nodes.Compare):
        sides = [compare.expr, *(operand.expr for operand in compare.ops)]
        literals = sorted(text for side in sides for text in _texts(side))
        names = [name for name in map(_name, sides) if name]
        is_status = any(name.rpartition(".")[2] == "status" or name.endswith("_status") for name in names)
        if literals and (is_status or WORDS & set(literals)):
            yield " ".join([*names, *literals])
    for table in tree.find_all(nodes.Dict):
        keys = sorted(text for pair in table.items for text in _texts(pair.key))
        if keys and len(keys) == len(table.items) and set(keys) <= WORDS:
            yield " ".join(["a table by status", *keys])


def _texts(node: nodes.Node) -> list[str]:
    """The strings of a literal, or of a list of them."""
    if isinstance(node, nodes.Const):
        return [node.value] if isinstance(node.value, str) else []
    if isinstance(node, nodes.Tuple | nodes.List):
        return [text for item in node.items for text in _texts(item)]
    return []


def _name(node: nodes.Node) -> str:
    """A name with its attributes as it is written: «application.status»."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        return f"{_name(node.node)}.{node.attr}"
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        return f"{_name(node.node)}.{node.arg.value}"
    return ""
