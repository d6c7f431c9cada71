"""Lists the published checkpoints: what they are, where they can be downloaded, and how they are recognised."""

from __future__ import annotations

import os
from typing import NamedTuple

from core.shared.texts import text

from .errors import WeightsError

COMMAND = "python3 obs_avatar.py models"
"""The command that a user types before "fetch NAME" or "import FILE"."""
MIRRORS_VARIABLE = "OBS_AVATAR_MIRRORS"
"""The environment variable with addresses of folders, separated by spaces, that are asked before the published mirrors; it is
meant for a mirror of the user's own."""

_LICENCE = (
    "The authors of the First Order Motion Model published its code under the MIT licence. No separate licence of its "
    "weights is known. They were trained on VoxCeleb, a collection of videos from YouTube that was made for research. "
    "So OBS Avatar does not ship them; it downloads them from where they were published, because you ask for it. "
    "Whether your use of them is allowed is for you to judge.")


class KnownFile(NamedTuple):
    """A published checkpoint, which a user may already have as a file."""

    name: str
    title: str
    file_name: str
    """The file name under which it was published, and so the one that users have."""
    page: str
    """The address of the web page where a person finds it."""
    licence: str
    size: int = 0
    """The size in bytes, accurate to a few percent because the published number is rounded; 0 if it is not known."""
    md5: str | None = None
    """The published MD5 as hexadecimal digits; None if none was published. Nothing is downloaded then, because a wrong file
    could not be recognised. No way is known to forge a file for a given MD5, and the file is only read as data, never run."""
    mirrors: tuple[str, ...] = ()

    @property
    def smallest(self) -> int:
        """The smallest plausible size in bytes; a shorter file is incomplete."""
        return self.size * 9 // 10

    @property
    def largest(self) -> int:
        """The largest plausible size in bytes; a longer file is a different one."""
        return self.size * 11 // 10

    def addresses(self) -> list[str]:
        """Return the addresses on all mirrors in the order in which they are asked, the user's own first."""
        own = os.environ.get(MIRRORS_VARIABLE, "").split()
        return [f"{folder.rstrip('/')}/{self.file_name}" for folder in own] + list(self.mirrors)


KNOWN: tuple[KnownFile, ...] = (
    KnownFile(
        name="vox-adv-256", title="Faces, 256 x 256, sharper (the one that Avatarify uses)",
        file_name="vox-adv-cpk.pth.tar",
        page="https://github.com/alievk/avatarify-python#download-network-weights", licence=_LICENCE,
        size=239_400_000, md5="8a45a24037871c045fbb8a6a8aa95ebc",
        mirrors=("https://openavatarify.s3-avatarify.com/weights/vox-adv-cpk.pth.tar",
                 ("https://github.com/graphemecluster/first-order-model-demo/releases/download/checkpoints/"
                  "vox-adv-cpk.pth.tar"),
                 "https://drive.usercontent.google.com/download?id=1coUCdyRXDbpWnEkA99NLNY60mb9dQ_n3&export=download&confirm=t",
                 "https://openavatarify.s3.amazonaws.com/weights/vox-adv-cpk.pth.tar")),
    KnownFile(
        name="vox-256", title="Faces, 256 x 256, smoother", file_name="vox-cpk.pth.tar",
        page="https://github.com/AliaksandrSiarohin/first-order-model#pre-trained-checkpoint", licence=_LICENCE),
)


def find(name: str) -> KnownFile | None:
    """Return the known file of that name, or None if there is none."""
    return next((known for known in KNOWN if known.name == name), None)


def downloadable(name: str) -> KnownFile:
    """Return the known file of that name, if it can be downloaded. Raises WeightsError if it cannot."""
    known = find(name)
    if known is None:
        names = ", ".join(each.name for each in KNOWN if each.md5)
        raise WeightsError(text("Weights.Unknown", name=name, names=names))
    if known.md5 is None:
        raise WeightsError(text("Weights.NoHash", name=name, page=known.page, command=f"{COMMAND} import {known.file_name}"))
    return known
