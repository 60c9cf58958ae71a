"""Photograph every page of the demonstration as every role, at 1280 and 390 px, into ``screenshots/``.

``python bin/screenshots.py [ROLE …]``: files are named ``ROLE/route-WIDTH.png``.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.browser import WIDTHS, Look, chromium, live_server  # noqa: E402 -- the root must be on the path first
from tests.demo_site import cookies, demo_app, reachable  # noqa: E402 -- the same

FOLDER = ROOT / "screenshots"


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


if __name__ == "__main__":
    main(sys.argv[1:])
