"""The README says what the product does."""

import importlib.util
import re

from core.shared import places


def made_by(name):
    spec = importlib.util.spec_from_file_location(name, places.ROOT / "docs" / (name + ".py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_table_of_settings_is_that_of_the_settings():
    readme = (places.ROOT / "README.md").read_text(encoding="utf-8")
    assert made_by("make_settings_table").with_table(readme) == readme


def test_every_file_that_the_readme_links_to_exists():
    readme = (places.ROOT / "README.md").read_text(encoding="utf-8")
    targets = [part.split(")")[0] for part in readme.split("](")[1:]]
    headings = {"#" + re.sub(r"[^\w -]", "", line.lstrip("# ").lower()).replace(" ", "-")
                for line in readme.splitlines() if line.startswith("#")}
    missing = [target for target in targets if target not in headings and not target.startswith("http")
               and not (places.ROOT / target).exists()]
    assert not missing
