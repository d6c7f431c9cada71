"""The checkpoints that were published: what they are, where they lie, and how to tell them from anything else."""

from __future__ import annotations

import os
from typing import NamedTuple

from core.shared.texts import text

from .errors import WeightsError

COMMAND = "python3 obs_avatar.py models"
"""What a user types before "fetch NAME" or "import FILE"."""
MIRRORS_VARIABLE = "OBS_AVATAR_MIRRORS"
"""Addresses of folders, separated by spaces, which are asked before the published ones: for a copy of one's own."""

_LICENCE = (
    "The authors of the First Order Motion Model published its code under the MIT licence. No separate licence of its "
    "weights is known. They were trained on VoxCeleb, a collection of videos from YouTube that was made for research. "
    "So OBS Avatar does not ship them; it downloads them from where they were published, because you ask for it. "
    "Whether your use of them is allowed is for you to judge.")


class KnownFile(NamedTuple):
    """A checkpoint of which somebody else can have the same file."""

    name: str
    title: str
    file_name: str
    """As it was published, and so as people have it."""
    page: str
    """Where a person finds it with a browser."""
    licence: str
    size: int = 0
    """Bytes, to a few percent: what was published is a rounded number. 0: not known."""
    md5: str | None = None
    """As published. None: it was not, and then nothing is downloaded, since a wrong file could not be told from it.
    Nobody is known to be able to forge a file for a given MD5; and whatever comes is read as data, never run."""
    mirrors: tuple[str, ...] = ()

    @property
    def smallest(self) -> int:
        """Bytes: what is shorter is not all of it."""
        return self.size * 9 // 10

    @property
    def largest(self) -> int:
        """Bytes: what is longer is something else."""
        return self.size * 11 // 10

    def addresses(self) -> list[str]:
        """All mirrors in the order in which they are asked, the user's own first."""
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
    """Return the known file of that name."""
    return next((known for known in KNOWN if known.name == name), None)


def downloadable(name: str) -> KnownFile:
    """Return the known file of that name, if it can be downloaded. Raises WeightsError."""
    known = find(name)
    if known is None:
        names = ", ".join(each.name for each in KNOWN if each.md5)
        raise WeightsError(text("Weights.Unknown", name=name, names=names))
    if known.md5 is None:
        raise WeightsError(text("Weights.NoHash", name=name, page=known.page, command=f"{COMMAND} import {known.file_name}"))
    return known
