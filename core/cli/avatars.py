"""`avatars`: adds, checks and shares the user's own pictures."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ..shared import avatars, places
from ..shared.errors import UsageError, UserError

if TYPE_CHECKING:  # what it imports is not there before the environment is
    from ..gallery.making import Added


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)

    def action(name: str, text: str) -> argparse.ArgumentParser:
        return actions.add_parser(name, help=text, description=text)

    action("list", "Lists all avatars.")
    add = action("add", "Turns a picture into an avatar and says how well it will do. "
                 "Use pictures of people only with their consent.")
    add.add_argument("file", metavar="FILE", help="A picture of one face from the front, with head and shoulders.")
    add.add_argument("--by-hand", action="store_true",
                     help="Accept a picture in which no face is found, and place its landmarks by hand (docs/avatars.md).")
    check = action("check", "Says how well a picture or an avatar will do, and draws nine poses. Keeps nothing.")
    check.add_argument("avatar", metavar="FILE_OR_ID", help="A picture file, or an id from “avatars list”.")
    check.add_argument("-o", "--out", metavar="SHEET", help="Draw the nine poses into this .png or .jpg file.")
    remove = action("remove", "Deletes one of your own avatars from the disk.")
    remove.add_argument("id", metavar="ID")
    export = action("export", "Writes an avatar, with everything that belongs to it, into one file (a pack).")
    export.add_argument("id", metavar="ID")
    export.add_argument("-o", "--out", metavar="PACK", required=True, help="The .zip file to write.")
    take = action("import", "Adds the avatar in a pack. Use pictures of people only with their consent.")
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
    print(f"Your own avatars are in {places.user_avatars()}")
    return 0


def _add(arguments: argparse.Namespace) -> int:
    from ..gallery import adding
    path = Path(arguments.file).expanduser()
    return _welcome(adding.add(_content(path), path.name, arguments.by_hand))


def _import(arguments: argparse.Namespace) -> int:
    from ..gallery import packs
    return _welcome(packs.take_in(Path(arguments.file).expanduser()))


def _welcome(added: Added) -> int:
    print(f"“{added.title}” is now an avatar; its id is {added.id}.")
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
        raise UsageError(f"The sheet “{out.name}” will be a picture. Give it a name that ends in .png or .jpg.")
    entry = avatars.find(arguments.avatar)
    if entry is None:
        path = Path(arguments.avatar).expanduser()
        if not path.is_file():
            raise UsageError(f"“{arguments.avatar}” is neither an avatar nor a picture file. To see the ids: avatars list")
        entry = avatars.of_file(path)
    engine = engines.load(settings.BUILT_IN_ENGINE)
    try:
        prepared = preparing.prepare(engine, entry, settings.DEFAULTS.side)
    except FaceNotFound as error:
        raise UserError(str(error) + " You can also place the landmarks by hand: see docs/avatars.md.") from error
    _say(preparing.remarks(entry, preparing.look(engine, entry)) or ["The picture will do well. Nothing needs attention."])
    if out is not None:
        _written, content = cv2.imencode(out.suffix.lower(), sheet.draw(engine.painter, prepared.avatar))
        try:
            out.write_bytes(content.tobytes())
        except OSError as error:
            raise UserError(f"The sheet “{out}” cannot be written ({error.strerror}). Choose another folder.") from error
        print(f"{out}: nine poses.")
    return 0


def _remove(arguments: argparse.Namespace) -> int:
    from ..gallery import keeping
    title = keeping.own(arguments.id).title
    keeping.remove(arguments.id)
    print(f"“{title}” was deleted.")
    return 0


def _export(arguments: argparse.Namespace) -> int:
    from ..gallery import packs
    out = Path(arguments.out).expanduser()
    if out.suffix.lower() != ".zip":
        raise UsageError(f"The pack “{out.name}” will be a zip file. Give it a name that ends in .zip.")
    content = packs.export(arguments.id)
    try:
        out.write_bytes(content)
    except OSError as error:
        raise UserError(f"The pack “{out}” cannot be written ({error.strerror}). Choose another folder.") from error
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
        raise UserError(f"“{path}” cannot be read ({error.strerror}). Check its permissions.") from error


def _say(sentences: list[str]) -> None:
    for sentence in sentences:
        print("  " + sentence)


_ACTIONS = {"list": _list, "add": _add, "check": _check, "remove": _remove, "export": _export, "import": _import}
