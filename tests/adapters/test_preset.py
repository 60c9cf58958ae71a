"""The preset: whole by the domain's own checks, labelled as an example."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from judging.adapters.archive import read_criterion, read_rules
from judging.adapters.preset import read_preset
from judging.domain.launch import WordedLevel, launch_faults, level_faults
from judging.domain.rubric import expert_criteria, maximum_total
from judging.domain.stages import Calendar

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def test_the_preset_could_be_published_as_it_is() -> None:
    preset = read_preset()
    criteria = tuple(read_criterion(dict(item)) for item in preset.criteria)
    calendar = Calendar(NOW, NOW + timedelta(days=1), NOW + timedelta(days=2))
    indicators = {item["code"] for item in preset.indicators}
    assert launch_faults(criteria, read_rules(dict(preset.rules)), calendar, indicators, NOW) == ()
    assert maximum_total(criteria) == 100


def test_the_words_of_every_scale_cover_it() -> None:
    preset = read_preset()
    for criterion in expert_criteria([read_criterion(dict(item)) for item in preset.criteria]):
        levels = [
            WordedLevel(Decimal(item["from"]), Decimal(item["to"]), item["text"])
            for item in preset.descriptors[criterion.code]
        ]
        assert (criterion.code, level_faults(criterion.scale, levels)) == (criterion.code, ())


def test_the_label_says_that_it_is_an_example() -> None:
    preset = read_preset()
    assert preset.label.startswith("Пример, составленный по аналогии; не является текстом приказа N 4166.")
    assert preset.label_en.startswith("An example made by analogy; it is not the text of order No 4166.")
