"""Every text that the pages show is written, and none is written that nobody shows."""

import re

from core.shared import places, texts

CODE = "".join(path.read_text(encoding="utf-8") for path in (places.ROOT / "core").rglob("*")
               if path.suffix in (".html", ".js", ".py"))
WRITTEN = set(texts.beginning_with("Dock."))


def test_the_pages_and_their_server_ask_for_texts_that_there_are():
    assert set(re.findall(r'"(Dock\.[\w.]*\w)"', CODE)) <= WRITTEN


def test_no_text_is_left_over():
    asked = set(re.findall(r'"(Dock\.[\w.]*\w)"', CODE))
    begun = tuple(re.findall(r'["`](Dock\.[\w.]*\.)(?:" \+|\$\{)', CODE))  # the rest of the key comes while it runs
    assert {key for key in WRITTEN if key not in asked and not key.startswith(begun)} == set()
