"""All texts that a user of OBS sees, in OBS's own language. Standard library only, because both processes use it.

The files in locale/ have OBS's format, one Key="Text" per line. A text that a language lacks is taken from English.
"""

from functools import lru_cache
from pathlib import Path
from typing import Dict, Optional, Tuple

FOLDER = Path(__file__).resolve().parent / "locale"
FALLBACK = "en-US"

_language = FALLBACK


def use(language: str) -> None:
    """Switch to `language`, such as "de-DE". If there is no such file, its nearest relative or English is used."""
    global _language
    _language = _nearest(language)


def language() -> str:
    """Return the language in use, for which there is a file."""
    return _language


def text(key: str, **values: object) -> str:
    """Return the text of that key with its {names} replaced by `values`, or the key itself if there is no text."""
    template = _texts(_language).get(key) or _texts(FALLBACK).get(key)
    return template.format(**values) if template is not None else key


def beginning_with(prefix: str) -> Dict[str, str]:
    """Return all texts whose keys begin with `prefix`, without replacing the {names} in them."""
    known = dict(_texts(FALLBACK), **_texts(_language))
    return {key: known[key] for key in known if key.startswith(prefix)}


def _nearest(language: str) -> str:
    known = {path.stem for path in FOLDER.glob("*.ini")}
    kin = sorted(name for name in known if name.split("-")[0] == language.split("-")[0])
    return language if language in known else (kin or [FALLBACK])[0]


@lru_cache(maxsize=None)
def _texts(language: str) -> Dict[str, str]:
    try:
        lines = (FOLDER / (language + ".ini")).read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    return dict(parsed for parsed in map(_parsed, lines) if parsed)


def _parsed(line: str) -> Optional[Tuple[str, str]]:
    """Return (key, text) of a line, or None for blank lines, comments and anything else."""
    key, equals, quoted = line.partition("=")
    quoted = quoted.strip()
    if line.lstrip().startswith((";", "#")) or not equals or len(quoted) < 2 or quoted[0] != '"' or quoted[-1] != '"':
        return None
    return key.strip(), quoted[1:-1].replace('\\n', "\n").replace('\\"', '"')
