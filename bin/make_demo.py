"""Make the demonstration data: three contest archives, passports and documents (see judging/data/demo/README.md).

Run by a developer after the content in bin/demo/ has changed: `.venv/bin/python bin/make_demo.py [FOLDER]`.
The same content gives the same bytes.
"""

import json
import sys
from pathlib import Path

from demo import archives
from demo.content import Content
from demo.documents import write_documents
from demo.earlier_projects import earlier_projects
from demo.facts import all_facts, passport

HOME = Path(__file__).resolve().parents[1] / "judging" / "data" / "demo"


def write_json(path: Path, data: object) -> None:
    """Write ``data`` as readable JSON."""
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def main(folder: Path) -> None:
    """Write everything into ``folder``."""
    content = Content()
    earlier = earlier_projects(content)
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / "contest-2026.json", archives.finished(content))
    write_json(folder / "contest-open.json", archives.accepting(content))
    write_json(folder / "contest-2025.json", archives.earlier(content, earlier))
    with_papers = [*content.finished, *content.open]
    facts = all_facts([*with_papers, *earlier])
    write_json(folder / "passports.json", {one.project.number: passport(one) for one in facts})
    write_json(folder / "documents.json", write_documents(folder, facts[: len(with_papers)]))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HOME)
