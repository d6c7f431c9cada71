"""Every text that the page shows is written, and none is written that nobody shows."""

import re

from core import places, texts
from core.protocol import ERROR, LIVE, NO_FACE, PAUSED, STARTING
from core.worker.dock.routes import PAGE


def test_the_page_and_its_server_ask_for_all_of_their_texts_and_for_no_others():
    code = "".join(path.read_text(encoding="utf-8") for folder in (PAGE, places.ROOT / "core")
                   for path in folder.rglob("*") if path.suffix in (".html", ".js", ".py"))
    asked = set(re.findall(r'"(Dock\.[A-Za-z.]*[A-Za-z])"', code)) | {
        "Dock.State." + state for state in (ERROR, LIVE, NO_FACE, PAUSED, STARTING)}
    assert asked == set(texts.beginning_with("Dock."))
