"""What the section that every form has built in lacks is named."""

from judging.domain.forms.cluster import cluster_findings


def test_everything_that_a_cluster_lacks_is_named() -> None:
    assert [(one.section, one.path, one.stop) for one in cluster_findings("", None, ())] == [
        ("cluster", "name", True), ("cluster", "managing", True), ("cluster", "members", True),
    ]  # fmt: skip
    assert [one.params for one in cluster_findings("Кластер", "9", {"1"})] == [{"least": 2}]
    assert list(cluster_findings("Кластер", "9", {"1", "2"})) == []
