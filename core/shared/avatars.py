"""Lists the avatars: the pictures that ship and the user's own. Standard library only.

An avatar is a picture, with a manifest NAME.json next to the picture NAME if there is more to say (see manifest.py), or a pack:
a folder with an avatar.json and the files that it names.

Its id is stable and is what settings store: the file's stem for one that ships ("nora"), "user:" and the name of the file or
folder for one of the user's own ("user:me.jpg"), and "file" for the picture chosen with the file picker.
"""

import os
from pathlib import Path
from typing import List, NamedTuple, Optional, Set

from . import limits, manifest, places

PICTURE_ENDINGS = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff")
FROM_FILE = "file"
USERS = "user:"
SIDECAR = ".json"


class AvatarEntry(NamedTuple):
    id: str
    title: str
    path: Path
    """The path of the avatar's picture."""
    about: manifest.Manifest = manifest.Manifest()
    manifest_path: Optional[Path] = None
    """The path of the manifest, or None if there is none."""
    error: str = ""
    """Why the manifest cannot be used, as a sentence; the picture alone still can."""

    @property
    def folder(self) -> Path:
        return self.path.parent

    @property
    def is_pack(self) -> bool:
        return self.manifest_path is not None and self.manifest_path.name == manifest.FILE_NAME

    @property
    def files(self) -> List[Path]:
        """The files that make up the avatar: when one of them changes, the avatar has to be prepared again."""
        own = [self.path, self.manifest_path or self.path.with_name(self.path.name + SIDECAR)]
        return own + [self.folder / name for name in self.about.files if name != self.path.name]


def available() -> List[AvatarEntry]:
    """Return all avatars, first those that ship, then the user's own; "file" is not among them."""
    return _shipped() + _pictures(places.user_avatars(), packs=True)


def find(avatar: str, avatar_file: str = "") -> Optional[AvatarEntry]:
    """Return the avatar that these two settings mean, or None if the id is unknown or no file is chosen.

    A file chosen with the file picker does not have to exist any more.
    """
    if avatar == FROM_FILE:
        return of_file(Path(avatar_file)) if avatar_file else None
    if avatar.startswith(USERS):
        return _own(avatar[len(USERS):])
    return next((entry for entry in _shipped() if entry.id == avatar), None)


def of_file(path: Path) -> AvatarEntry:
    """Return the avatar of a picture file, which need not exist."""
    return _beside(path, path.with_name(path.name + SIDECAR).is_file())._replace(id=FROM_FILE)


def picture_path(avatar: str, avatar_file: str) -> Optional[Path]:
    """Return the picture that these two settings mean, or None if the id is unknown or no file is chosen."""
    entry = find(avatar, avatar_file)
    return entry.path if entry is not None else None


def expressions_of(avatar: str, avatar_file: str) -> List[str]:
    """Return the names of the avatar's alternative pictures, in the order of the manifest."""
    entry = find(avatar, avatar_file)
    return list(entry.about.expressions) if entry is not None else []


def _shipped() -> List[AvatarEntry]:
    return [entry._replace(id=entry.path.stem, title=entry.about.title or entry.path.stem.replace("_", " ").title())
            for entry in _pictures(places.SHIPPED_AVATARS)]


def _own(name: str) -> Optional[AvatarEntry]:
    """Return one of the user's avatars by its name, which cannot lead out of the folder, without looking at the others."""
    if not name or name.startswith(".") or Path(name).name != name or set(name) & set("/\\:"):
        return None
    path = places.user_avatars() / name
    if path.is_dir():
        return _pack(path)
    if not name.lower().endswith(PICTURE_ENDINGS) or not path.is_file():
        return None
    return _beside(path, path.with_name(name + SIDECAR).is_file())


def _pictures(folder: Path, packs: bool = False) -> List[AvatarEntry]:
    try:
        with os.scandir(folder) as listing:
            names = {each.name: each.is_dir() for each in listing if not each.name.startswith(".")}
    except OSError:
        return []
    alternatives: Set[str] = set()
    found = []
    for name in sorted(names, key=str.lower)[:limits.LISTED_AVATARS]:
        if names[name]:
            entry = _pack(folder / name) if packs else None
            if entry is not None:
                found.append(entry)
        elif name.lower().endswith(PICTURE_ENDINGS):
            entry = _beside(folder / name, name + SIDECAR in names)
            alternatives.update(each for each in entry.about.files if each != name)
            found.append(entry)
    # The alternative pictures of an avatar are not avatars of their own.
    return [entry for entry in found if entry.is_pack or entry.path.name not in alternatives]


def _beside(picture: Path, has_sidecar: bool) -> AvatarEntry:
    entry = AvatarEntry(USERS + picture.name, picture.stem, picture)
    return _described(entry, picture.with_name(picture.name + SIDECAR)) if has_sidecar else entry


def _pack(folder: Path) -> Optional[AvatarEntry]:
    """Return the pack in a folder, or None for a folder without a manifest, which is not an avatar."""
    entry = AvatarEntry(USERS + folder.name, folder.name, folder / "picture.png")
    described = _described(entry, folder / manifest.FILE_NAME)
    if described.manifest_path is None:
        return None
    return described._replace(path=folder / described.about.picture) if described.about.picture else described


def _described(entry: AvatarEntry, path: Path) -> AvatarEntry:
    try:
        about = manifest.read(path)
    except FileNotFoundError:
        return entry
    except manifest.ManifestError as error:
        return entry._replace(manifest_path=path, error=str(error))
    return entry._replace(title=about.title or entry.title, about=about, manifest_path=path)
