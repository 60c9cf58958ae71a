"""A report on firmness as a JSON document, and back."""

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from enum import StrEnum
from typing import Any

from judging.domain.firmness.report import (
    Cell,
    Contested,
    CriterionAgreement,
    Expert,
    NextReview,
    Panel,
    Project,
    Report,
    Scenario,
    Sensitivity,
    Variances,
    figure,
)
from judging.domain.firmness.words import Caution, Grade, Refusal, ScenarioKind
from judging.domain.ranking import Outcome


def to_document(report: Report) -> dict[str, Any]:
    """Return the report as a JSON document: decimals as strings, lists of rows, enumerations by value."""
    return {name: _plain(value) for name, value in asdict(report).items()}


def from_document(document: Mapping[str, Any]) -> Report:
    """Read what :func:`to_document` wrote; raise KeyError, TypeError or ValueError where it is something else."""
    sensitivity = document["sensitivity"]
    return Report(
        **{
            **document,
            "maximum": Decimal(document["maximum"]),
            "refusal": _refusal(document["refusal"]),
            "panels": tuple(_panel(row) for row in document["panels"]),
            "projects": tuple(_project(row) for row in document["projects"]),
            "experts": tuple(Expert(**{**row, "refusal": _refusal(row["refusal"])}) for row in document["experts"]),
            "cells": tuple(Cell(**row) for row in document["cells"]),
            "agreement": tuple(
                CriterionAgreement(**{**row, "refusal": _refusal(row["refusal"])}) for row in document["agreement"]
            ),
            "sensitivity": None if sensitivity is None else _sensitivity(sensitivity),
            "next_reviews": tuple(NextReview(**row) for row in document["next_reviews"]),
        }
    )


def _plain(value: Any) -> Any:
    match value:
        case Decimal():
            return f"{value:f}"
        case StrEnum():
            return value.value
        case float():
            return figure(value)
        case tuple() | list():
            return [_plain(item) for item in value]
        case dict():
            return {name: _plain(item) for name, item in value.items()}
    return value


def _refusal(value: str | None) -> Refusal | None:
    return None if value is None else Refusal(value)


def _panel(row: Mapping[str, Any]) -> Panel:
    return Panel(
        **{
            **row,
            "refusal": _refusal(row["refusal"]),
            "no_line": _refusal(row["no_line"]),
            "variances": None if row["variances"] is None else Variances(**row["variances"]),
            "cautions": tuple(Caution(code) for code in row["cautions"]),
        }
    )


def _project(row: Mapping[str, Any]) -> Project:
    grade = row["grade"]
    return Project(
        **{
            **row,
            "total": Decimal(row["total"]),
            "outcome": Outcome(row["outcome"]),
            "grade": None if grade is None else Grade(grade),
        }
    )


def _sensitivity(row: Mapping[str, Any]) -> Sensitivity:
    return Sensitivity(
        scenarios=tuple(
            Scenario(
                **{
                    **item,
                    "kind": ScenarioKind(item["kind"]),
                    "up": tuple(item["up"]),
                    "down": tuple(item["down"]),
                }
            )
            for item in row["scenarios"]
        ),
        steadfast=tuple(row["steadfast"]),
        contested=tuple(Contested(**item) for item in row["contested"]),
    )
