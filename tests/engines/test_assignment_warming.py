"""What numba keeps on disk is used only while every source of the engine is the one it was compiled from."""

from pathlib import Path

from judging.engines.assignment.warming import forget_stale


def compiled(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "__pycache__").glob("*.nb*"))


def test_a_change_of_any_source_throws_away_what_was_compiled(tmp_path: Path) -> None:
    (tmp_path / "board.py").write_text("one = 1\n")
    (tmp_path / "exchange.py").write_text("two = 2\n")
    forget_stale(tmp_path)
    (tmp_path / "__pycache__" / "exchange.search.nbi").write_text("index")
    (tmp_path / "__pycache__" / "exchange.search.1.nbc").write_text("code")
    forget_stale(tmp_path)
    kept = compiled(tmp_path)
    (tmp_path / "board.py").write_text("one = 3\n")
    forget_stale(tmp_path)
    assert (kept, compiled(tmp_path)) == (["exchange.search.1.nbc", "exchange.search.nbi"], [])


def test_a_folder_that_cannot_be_written_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "__pycache__").write_text("no folder")
    forget_stale(tmp_path)
    assert (tmp_path / "__pycache__").read_text() == "no folder"
