"""Photograph every page of the demonstration as every role, at 1280 and 390 px, into ``screenshots/``.

``python bin/screenshots.py [ROLE …]``: files are named ``ROLE/route-WIDTH.png``.
``python bin/screenshots.py --documents``: instead, the pictures of the documents, into ``docs/images/``.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from judging.domain.access import Role  # noqa: E402 -- the root must be on the path first
from tests.browser import WIDTHS, Look, chromium, live_server  # noqa: E402 -- the root must be on the path first
from tests.demo_site import cookies, demo_app, reachable  # noqa: E402 -- the same

FOLDER = ROOT / "screenshots"
PICTURES = {
    "ranking": ("/staff/contests/PP41-2026/ranking", 1000),
    "assignment": ("/staff/contests/PP41-2026-2/assignment/draft?sort=score", 1560),
    "firmness": ("/staff/contests/PP41-2025/firmness", 1720),
}
"""Pictures of the documents: the secretary's page and the height to which it is shown."""
OPENED = "Кого не выбрали и почему", "Почему"
"""What is opened on a page before it is photographed, the first of each."""


def main(wanted: list[str]) -> None:
    """Photograph the pages of the wanted roles, or of all."""
    with demo_app() as app:
        everybody = {role: cookie for role, cookie in cookies(app).items() if not wanted or str(role) in wanted}
        pages = {role: reachable(app, role, cookie) for role, cookie in everybody.items()}
        with live_server(app) as base, chromium() as browser:
            for role, cookie in everybody.items():
                for width in WIDTHS:
                    look = Look(browser, base, {"judging": cookie} if cookie else None, width)
                    for found in pages[role]:
                        if not found.is_page:
                            continue
                        look.open(found.path)
                        look.photograph(FOLDER / str(role) / f"{found.endpoint}-{width}.png")
                    look.close()
                print(f"{role}: {len(pages[role])} pages")


def picture_documents() -> None:
    """Photograph the pages that the documents show."""
    with demo_app() as app:
        cookie = cookies(app)[Role.SECRETARY]
        with live_server(app) as base, chromium() as browser:
            look = Look(browser, base, {"judging": cookie} if cookie else None)
            for name, (path, height) in PICTURES.items():
                look.page.set_viewport_size({"width": look.width, "height": height})
                look.open(path)
                for words in OPENED:
                    summary = look.page.locator("summary", has_text=words)
                    if summary.count():
                        summary.first.click()
                look.page.screenshot(path=ROOT / "docs" / "images" / f"{name}.png")
            look.close()


if __name__ == "__main__":
    if sys.argv[1:] == ["--documents"]:
        picture_documents()
    else:
        main(sys.argv[1:])
