"""Where the demonstration's data are."""

from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "data" / "demo"
