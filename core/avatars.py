"""Which avatars there are: the shipped pictures and the user's own. Standard library only.

An avatar's id is stable and is what settings store: the file's stem for a shipped one ("nora"), "user:" and the file's
name for one of the user's ("user:me.jpg"), and "file" for the picture chosen with the file picker.
"""

from pathlib import Path
from typing import List, NamedTuple, Optional

from . import places

PICTURE_ENDINGS = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff")
FROM_FILE = "file"


class AvatarEntry(NamedTuple):
    id: str
    title: str
    path: Path


def _pictures(folder: Path) -> List[Path]:
    try:
        found = [p for p in folder.iterdir() if p.suffix.lower() in PICTURE_ENDINGS and not p.name.startswith(".")]
    except OSError:
        return []
    return sorted(found, key=lambda p: p.name.lower())


def available() -> List[AvatarEntry]:
    """All avatars, the shipped ones first, then the user's; "file" is not among them."""
    shipped = [AvatarEntry(p.stem, p.stem.replace("_", " ").title(), p) for p in _pictures(places.SHIPPED_AVATARS)]
    own = [AvatarEntry("user:" + p.name, p.stem, p) for p in _pictures(places.user_avatars())]
    return shipped + own


def picture_path(avatar: str, avatar_file: str) -> Optional[Path]:
    """The picture behind the settings `avatar` and `avatar_file`; None where the id is unknown or no file is chosen."""
    if avatar == FROM_FILE:
        return Path(avatar_file) if avatar_file else None
    return next((entry.path for entry in available() if entry.id == avatar), None)
