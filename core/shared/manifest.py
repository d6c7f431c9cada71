"""The manifest of an avatar: title, author, landmarks by hand, expressions. Standard library only.

It is stored as avatar.json in a pack's folder, or as NAME.json next to the picture NAME. It may come from a stranger: anything
that differs from docs/avatars.md is refused with a message, and nothing in it can name a file outside its own folder.
"""

import json
import math
import re
from pathlib import Path
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Tuple

from . import limits
from .errors import UserError
from .texts import text

FILE_NAME = "avatar.json"
FORMAT, VERSION = "obs-avatar", 1

LANDMARKS = ("left_eye_left", "left_eye_right", "left_eye_top", "right_eye_left", "right_eye_right", "right_eye_top",
             "nose_tip", "mouth_left", "mouth_right", "lips_middle", "chin", "hairline")
"""The points of a face that can be placed by hand. Left and right are as seen in the picture."""
LANDMARKS_REACH = (-0.5, 1.5)
"""The range of a point's coordinates: it may lie somewhat outside the picture, which goes from 0 to 1."""

_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]*\.(png|jpg|jpeg|webp|bmp|tif|tiff)$", re.IGNORECASE)
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}$")
_CONDITION = re.compile(r"\s*([<>])\s*(\d(?:\.\d{1,6})?)\s*$")

Points = Mapping[str, Tuple[float, float]]


class ManifestError(UserError):
    """The manifest cannot be used; the message is a sentence for the user."""


class Condition(NamedTuple):
    """A condition on a blendshape coefficient: above `value`, 0..1, or below it if `above` is False."""

    coefficient: str
    above: bool
    value: float


class Expression(NamedTuple):
    picture: str
    when: Tuple[Condition, ...] = ()
    """The conditions that must all be met for the picture to be shown; if empty, only the hotkey shows it."""


class Manifest(NamedTuple):
    title: str = ""
    author: str = ""
    licence: str = ""
    picture: str = ""
    """The picture's file name in the manifest's own folder, or an empty string if there is none."""
    matte: str = ""
    landmarks: Optional[Points] = None
    expressions: Mapping[str, Expression] = {}

    @property
    def files(self) -> List[str]:
        """The names of all files that the manifest names."""
        named = [self.picture, self.matte, *(expression.picture for expression in self.expressions.values())]
        return [name for name in named if name]


def read(path: Path) -> Manifest:
    """Read the manifest in a file. Raises ManifestError, FileNotFoundError."""
    try:
        with path.open("rb") as file:
            content = file.read(limits.MANIFEST_BYTES + 1)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise ManifestError(text("Manifest.Unreadable", name=path.name, error=error.strerror or error)) from error
    return parsed(content, path.name)


def parsed(content: bytes, name: str = FILE_NAME) -> Manifest:
    """Return the manifest in a file's content; `name` is the file name for the message. Raises ManifestError."""
    if len(content) > limits.MANIFEST_BYTES:
        raise ManifestError(text("Manifest.Large", name=name, kilobytes=limits.MANIFEST_BYTES >> 10))
    try:
        given = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ManifestError(text("Manifest.NoJson", name=name, error=error)) from error
    try:
        return _manifest(given)
    except _Newer as error:
        raise ManifestError(text("Manifest.Newer", name=name)) from error
    except _Wrong as error:
        raise ManifestError(text("Manifest.Wrong", name=name, where=error)) from error


def written(manifest: Manifest) -> bytes:
    """Return the bytes from which `parsed` makes the same manifest."""
    fields: Dict[str, Any] = {"format": FORMAT, "version": VERSION}
    for key in ("title", "author", "licence", "picture", "matte"):
        if getattr(manifest, key):
            fields[key] = getattr(manifest, key)
    if manifest.landmarks is not None:
        fields["landmarks"] = {name: [round(x, 6), round(y, 6)] for name, (x, y) in manifest.landmarks.items()}
    if manifest.expressions:
        fields["expressions"] = {name: _expression_fields(each) for name, each in manifest.expressions.items()}
    return (json.dumps(fields, indent=1, ensure_ascii=False) + "\n").encode("utf-8")


def _expression_fields(expression: Expression) -> Dict[str, Any]:
    fields: Dict[str, Any] = {"picture": expression.picture}
    if expression.when:
        fields["when"] = {each.coefficient: "%s%g" % (">" if each.above else "<", each.value) for each in expression.when}
    return fields


# ---- what is in it, field by field ------------------------------------------------------------------------------------

class _Newer(Exception):
    pass


class _Wrong(ValueError):
    """A field has a wrong value; the message is the field's name."""


def _manifest(given: Any) -> Manifest:
    _need(isinstance(given, dict) and given.get("format") == FORMAT, "format")
    version = given.get("version")
    _need(isinstance(version, int) and not isinstance(version, bool) and version >= 1, "version")
    if version > VERSION:
        raise _Newer
    landmarks = given.get("landmarks")
    return Manifest(
        title=_line(given, "title", limits.TITLE_LETTERS), author=_line(given, "author", limits.AUTHOR_LETTERS),
        licence=_line(given, "licence", limits.LICENCE_LETTERS), picture=_file(given, "picture"),
        matte=_file(given, "matte"), landmarks=None if landmarks is None else checked_landmarks(landmarks),
        expressions=_expressions(given.get("expressions", {})))


def checked_landmarks(given: Any) -> Points:
    """Return the landmarks by name. Raises ValueError, whose message names the wrong field."""
    _need(isinstance(given, dict) and set(given) == set(LANDMARKS), "landmarks")
    return {name: _point(given[name], "landmarks." + name) for name in LANDMARKS}


def _point(given: Any, where: str) -> Tuple[float, float]:
    low, high = LANDMARKS_REACH
    _need(isinstance(given, (list, tuple)) and len(given) == 2, where)
    for value in given:
        _need(isinstance(value, (int, float)) and not isinstance(value, bool), where)
        _need(math.isfinite(value) and low <= value <= high, where)
    return float(given[0]), float(given[1])


def _expressions(given: Any) -> Dict[str, Expression]:
    _need(isinstance(given, dict) and len(given) <= limits.EXPRESSIONS, "expressions")
    found = {}
    for name, fields in given.items():
        _need(_NAME.match(name) is not None, "expressions")
        where = "expressions." + name
        _need(isinstance(fields, dict) and bool(fields.get("picture")), where)
        when = fields.get("when", {})
        _need(isinstance(when, dict) and len(when) <= limits.CONDITIONS, where + ".when")
        found[name] = Expression(_file(fields, "picture", where + "."),
                                 tuple(_condition(key, value, where) for key, value in when.items()))
    return found


def _condition(coefficient: str, given: Any, where: str) -> Condition:
    match = _CONDITION.match(given) if isinstance(given, str) else None
    if match is None or _NAME.match(coefficient) is None:
        raise _Wrong(where + ".when")
    return Condition(coefficient, match.group(1) == ">", float(match.group(2)))


def _line(given: Mapping[str, Any], key: str, longest: int) -> str:
    value = given.get(key, "")
    _need(isinstance(value, str), key)
    return one_line(value)[:longest].strip()


def one_line(value: str) -> str:
    """Return text in any language without line breaks, control characters and marks that change the writing direction."""
    return "".join(letter if letter.isprintable() else " " for letter in value).strip()


def _file(given: Mapping[str, Any], key: str, where: str = "") -> str:
    value = given.get(key, "")
    _need(isinstance(value, str) and (not value or is_file_name(value)), where + key)
    return value


def is_file_name(name: str) -> bool:
    """Whether the name is a plain picture file name on every system, which cannot lead into another folder."""
    return len(name) <= limits.FILE_NAME_LETTERS and _FILE_NAME.match(name) is not None and not _RESERVED.match(name)


def _need(holds: bool, where: str) -> None:
    if not holds:
        raise _Wrong(where)
