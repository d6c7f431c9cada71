"""`avatars`: the user's own pictures, and what they will do."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..shared import avatars, places
from ..shared.errors import UsageError, UserError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)

    def action(name: str, text: str) -> argparse.ArgumentParser:
        return actions.add_parser(name, help=text, description=text)

    action("list", "Tells which avatars there are.")
    add = action("add", "Makes an avatar of a picture, and tells how well it will do. "
                 "Use pictures of people only with their consent.")
    add.add_argument("file", metavar="FILE", help="A picture of one face, from the front, head and shoulders.")
    add.add_argument("--by-hand", action="store_true",
                     help="Take the picture where no face is found: its landmarks are placed by hand (docs/avatars.md).")
    check = action("check", "Tells how well a picture or an avatar will do, and draws it in nine poses. Keeps nothing.")
    check.add_argument("avatar", metavar="FILE_OR_ID", help="A picture file, or an id out of: avatars list")
    check.add_argument("-o", "--out", metavar="SHEET", help="The .png or .jpg file to draw the nine poses to.")
    remove = action("remove", "Deletes one of your own avatars from the disk.")
    remove.add_argument("id", metavar="ID")
    export = action("export", "Writes an avatar with all that belongs to it into one file, a pack.")
    export.add_argument("id", metavar="ID")
    export.add_argument("-o", "--out", metavar="PACK", required=True, help="The .zip file to write.")
    take = action("import", "Makes an avatar of a pack. Use pictures of people only with their consent.")
    take.add_argument("file", metavar="PACK", help="A .zip file or a folder.")


def run(arguments: argparse.Namespace) -> int:
    return _ACTIONS[arguments.action](arguments)


def _list(_: argparse.Namespace) -> int:
    entries = avatars.available()
    width = max((len(entry.id) for entry in entries), default=0)
    for entry in entries:
        more = ["by " + entry.about.author] if entry.about.author else []
        more += [entry.about.licence] if entry.about.licence else []
        more += ["expressions: " + ", ".join(entry.about.expressions)] if entry.about.expressions else []
        more += ["landmarks by hand"] if entry.about.landmarks else []
        more += [entry.error] if entry.error else []
        more += [] if entry.path.is_file() else ["its picture is missing"]
        print(f"{entry.id:{width}}  {entry.title}" + (f"  ({'; '.join(more)})" if more else ""))
    print(f"Your own lie in {places.user_avatars()}")
    return 0


def _add(arguments: argparse.Namespace) -> int:
    from ..gallery import adding
    path = Path(arguments.file).expanduser()
    return _welcome(adding.add(_content(path), path.name, arguments.by_hand))


def _import(arguments: argparse.Namespace) -> int:
    from ..gallery import packs
    return _welcome(packs.take_in(Path(arguments.file).expanduser()))


def _welcome(added) -> int:
    print(f"“{added.title}” is an avatar now; its id is {added.id}.")
    _say(added.remarks)
    print("See it move:  python3 obs_avatar.py avatars check " + added.id + " -o sheet.png")
    print("Use pictures of people only with their consent.")
    return 0


def _check(arguments: argparse.Namespace) -> int:
    import cv2

    from models import engines
    from models.contract import FaceNotFound

    from ..gallery import preparing, sheet
    from ..shared import settings
    out = Path(arguments.out).expanduser() if arguments.out else None
    if out is not None and out.suffix.lower() not in (".png", ".jpg", ".jpeg"):
        raise UsageError(f"The sheet “{out.name}” is a picture: give it a name that ends in .png or .jpg.")
    entry = avatars.find(arguments.avatar)
    if entry is None:
        path = Path(arguments.avatar).expanduser()
        if not path.is_file():
            raise UsageError(f"There is no avatar and no picture file “{arguments.avatar}”. See: avatars list")
        entry = avatars.find(avatars.FROM_FILE, str(path))
    engine = engines.load(settings.BUILT_IN_ENGINE)
    try:
        prepared = preparing.prepare(engine, entry, settings.DEFAULTS.side)
    except FaceNotFound as error:
        raise UserError(str(error) + " Landmarks can be placed by hand: see docs/avatars.md.") from error
    _say(preparing.remarks(entry, preparing.look(engine, entry)) or ["The picture will do well: nothing stands out."])
    if out is not None:
        _written, content = cv2.imencode(out.suffix.lower(), sheet.draw(engine.painter, prepared.avatar))
        try:
            out.write_bytes(content.tobytes())
        except OSError as error:
            raise UserError(f"The sheet “{out}” cannot be written ({error.strerror}).") from error
        print(f"{out}: nine poses.")
    return 0


def _remove(arguments: argparse.Namespace) -> int:
    from ..gallery import keeping
    title = keeping.own(arguments.id).title
    keeping.remove(arguments.id)
    print(f"“{title}” is deleted.")
    return 0


def _export(arguments: argparse.Namespace) -> int:
    from ..gallery import packs
    out = Path(arguments.out).expanduser()
    if out.suffix.lower() != ".zip":
        raise UsageError(f"The pack “{out.name}” is a zip file: give it a name that ends in .zip.")
    content = packs.export(arguments.id)
    try:
        out.write_bytes(content)
    except OSError as error:
        raise UserError(f"The pack “{out}” cannot be written ({error.strerror}).") from error
    print(f"{out}: {len(content) / 1e6:.1f} MB.")
    return 0


def _content(path: Path) -> bytes:
    from ..shared import limits
    from ..shared.texts import text
    try:
        with path.open("rb") as file:
            return file.read(limits.PICTURE_FILE_BYTES + 1)
    except FileNotFoundError as error:
        raise UsageError(text("Picture.Missing", name=path.name)) from error
    except OSError as error:
        raise UserError(f"“{path}” cannot be read ({error.strerror}).") from error


def _say(sentences: list[str]) -> None:
    for sentence in sentences:
        print("  " + sentence)


_ACTIONS = {"list": _list, "add": _add, "check": _check, "remove": _remove, "export": _export, "import": _import}
