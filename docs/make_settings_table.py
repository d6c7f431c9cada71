"""Writes the table of settings in the README from the settings themselves. Run it after a change of core/shared/settings.py:

    python3 docs/make_settings_table.py
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from core.shared import colours  # noqa: E402
from core.shared.settings import BY_KEY, SHOWN, Setting  # noqa: E402

README = ROOT / "README.md"
BEGIN, END = "<!-- settings: made by docs/make_settings_table.py -->", "<!-- end of settings -->"


def table() -> str:
    rows = ["| Setting | Values (default first) | What it does |", "|---|---|---|"]
    rows += [f"| **{setting.label}** | {_values(setting)} | {_help(setting)} |" for setting in SHOWN]
    return "\n".join(rows)


def _values(setting: Setting) -> str:
    if setting.kind == "bool":
        return "on, off" if setting.default else "off, on"
    if setting.kind in ("int", "slider"):
        return "%d, up to %d" % (setting.default, setting.maximum)
    if setting.kind == "colour":
        return colours.written(setting.default)
    if setting.kind != "list":
        return {"picture": "a picture file", "video": "a video file", "text": "text"}[setting.kind]
    fixed = sorted(setting.choices, key=lambda choice: choice.id != setting.default)
    names = [choice.label for choice in fixed]
    if setting.listed_by == "avatars":
        names = [setting.default.title(), "the others in the list"] + names
    elif setting.listed_by:
        names.append("the others in the list")
    return ", ".join(names)


def _help(setting: Setting) -> str:
    if setting.shown_when is None:
        return setting.help
    key, value = setting.shown_when
    chosen = next((choice.label for choice in BY_KEY[key].choices if choice.id == value), "on")
    return f"{setting.help} *(with {BY_KEY[key].label}: {chosen})*"


def with_table(readme: str) -> str:
    before, rest = readme.split(BEGIN)
    return before + BEGIN + "\n" + table() + "\n" + END + rest.split(END)[1]


if __name__ == "__main__":
    README.write_text(with_table(README.read_text(encoding="utf-8")), encoding="utf-8")
