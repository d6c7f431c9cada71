"""The models on the user's disk: fetched, imported, listed and verified, and the commands that do it."""

from __future__ import annotations

import argparse
import hashlib
import json
import pickle
import shutil
import socket
import sys
import threading
from collections import namedtuple
from pathlib import Path

import pytest

from core.cli import models as command
from core.shared import texts
from core.shared.errors import UserError
from models import weights
from models.weights import Patience, State, WeightsError, install, registry, store

from ..support.waiting import PATIENCE
from . import bad_server as bad

DATA = Path(__file__).resolve().parents[1] / "data" / "fomm"
CONTENT = b"\x80\x02" + bytes(range(256)) * 1200
HURRY = Patience(tries=2, pause=0.001, connect=2, silence=0.3)


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    for name in ("XDG_DATA_HOME", "APPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", registry.MIRRORS_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def server(monkeypatch):
    """A mirror of the toy model, which is known, as is another that cannot be downloaded."""
    server = bad.BadServer()
    server.answers["/toy.pth.tar"] = [bad.serves(CONTENT)]
    toy = registry.KnownFile("toy", "A toy", "toy.pth.tar", "https://example.org/toy", "Mind the licence.",
                             len(CONTENT), hashlib.md5(CONTENT).hexdigest(), (server.address("/toy.pth.tar"),))
    unhashed = registry.KnownFile("unhashed", "Another", "unhashed.pth.tar", "https://example.org/unhashed", "")
    monkeypatch.setattr(registry, "KNOWN", (toy, unhashed))
    yield server
    server.close()


@pytest.fixture
def converter(monkeypatch):
    """In place of PyTorch."""
    def convert(file, name, md5, say):
        converted = [store.folder() / name / f"{name}-{precision}.safetensors" for precision in ("fp32", "fp16")]
        for path in converted:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(file.read_bytes())
        store.write_about(name, file, md5, converted)
    monkeypatch.setattr(install, "_convert", convert)


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args(arguments))


def states() -> dict[str, State]:
    return {status.name: status.state for status in weights.everything()}


def test_each_known_file_says_its_licence_and_where_to_get_it():
    for known in weights.KNOWN:
        assert "MIT" in known.licence and "VoxCeleb" in known.licence
        assert known.page.startswith("https://")
        assert all(address.startswith("https://") for address in known.mirrors)
    assert len(weights.downloadable("vox-adv-256").mirrors) >= 3


def test_looking_uses_no_network(monkeypatch, capsys):
    monkeypatch.setattr(socket, "socket", None)
    assert run("list") == 0
    assert run("verify") == 0
    assert "vox-adv-256: not here" in capsys.readouterr().out


def test_a_fetched_model_is_ready_and_leaves_nothing_else_behind(server, converter):
    weights.fetch("toy", patience=HURRY)
    assert states()["toy"] is State.READY
    assert weights.path("toy").read_bytes() == CONTENT
    assert sorted(file.name for file in (weights.folder() / "toy").iterdir()) == [
        "about.json", "toy-fp16.safetensors", "toy-fp32.safetensors"]
    weights.fetch("toy", patience=HURRY)
    assert len(server.asked) == 1


def test_a_model_that_is_not_here_says_how_to_get_it(server):
    with pytest.raises(WeightsError, match="models fetch toy"):
        weights.path("toy")
    with pytest.raises(WeightsError, match="https://example.org/unhashed"):
        weights.path("unhashed")


def test_a_file_without_a_published_hash_is_not_downloaded_but_can_be_brought(server):
    with pytest.raises(WeightsError, match="could not be checked.*https://example.org/unhashed.*models import"):
        weights.fetch("unhashed")
    with pytest.raises(WeightsError, match="no model “nonsense”.*Available: toy"):
        weights.fetch("nonsense")


def test_a_partial_file_is_named_as_such(server, converter, capsys):
    server.answers["/toy.pth.tar"] = [bad.serves(CONTENT, until=150_000)]
    with pytest.raises(WeightsError, match="What has been downloaded is kept"):
        weights.fetch("toy", patience=HURRY)
    assert run("list") == 0
    assert run("verify") == command.BAD
    assert capsys.readouterr().out.count("toy: partial  (A toy)\n    0.1 MB of 0.3 MB have been downloaded.") == 2
    server.answers["/toy.pth.tar"] = [bad.serves(CONTENT)]
    weights.fetch("toy", patience=HURRY)
    assert server.asked[-1].range == "bytes=150000-"


def test_a_fetch_that_fails_tells_each_mirror_and_another_way(server, monkeypatch):
    server.answers["/toy.pth.tar"] = [bad.web_page]
    monkeypatch.setenv(registry.MIRRORS_VARIABLE, server.address("/own/"))
    with pytest.raises(WeightsError) as failure:
        weights.fetch("toy", patience=HURRY)
    assert [asked.path for asked in server.asked] == ["/own/toy.pth.tar", "/toy.pth.tar"]
    sentence = str(failure.value)
    assert "HTTP status 404" in sentence and "web page" in sentence and "models import toy.pth.tar" in sentence
    assert "What has been downloaded is kept" not in sentence


def test_a_fetch_that_fails_is_told_in_the_users_language(server, monkeypatch):
    monkeypatch.setattr(texts, "_language", "de-DE")
    server.answers["/toy.pth.tar"] = [bad.serves(CONTENT, until=150_000), bad.status(404)]
    with pytest.raises(WeightsError) as failure:
        weights.fetch("toy", patience=HURRY)
    assert str(failure.value).splitlines() == [
        "toy.pth.tar ließ sich nicht herunterladen:",
        f"  - {server.address('').removeprefix('http://').rstrip('/')} gibt die Datei nicht heraus (HTTP-Status 404).",
        "Was schon geladen ist, bleibt erhalten; der nächste Versuch setzt dort fort.",
        ("Versuchen Sie es später noch einmal, oder besorgen Sie sich die Datei von https://example.org/toy oder anderswo und "
         "führen Sie dann aus: python3 obs_avatar.py models import toy.pth.tar")]


def test_without_pytorch_the_file_is_kept_until_it_is_there(server, monkeypatch):
    with monkeypatch.context() as without:
        without.setitem(sys.modules, "safetensors", None)
        with pytest.raises(WeightsError, match="setup --neural"):
            weights.fetch("toy", patience=HURRY)
        assert states()["toy"] is State.UNCONVERTED
    seen = []
    monkeypatch.setattr(install, "_convert", lambda file, *_: seen.append(file.read_bytes()))
    weights.fetch("toy", patience=HURRY)
    assert seen == [CONTENT]
    assert len(server.asked) == 1


def test_of_two_downloads_at_once_one_is_sent_away_and_the_other_ends_well(server, converter):
    inside, go_on = threading.Event(), threading.Event()

    def wait(here, total):
        inside.set()
        go_on.wait(PATIENCE)

    first = threading.Thread(target=weights.fetch, args=("toy", wait))
    first.start()
    assert inside.wait(PATIENCE)
    with pytest.raises(WeightsError, match="under way"):
        weights.fetch("toy", patience=HURRY)
    go_on.set()
    first.join()
    assert weights.path("toy").read_bytes() == CONTENT


def test_a_disk_without_room_is_said_before_anything_is_downloaded(server, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage(10**9, 10**9 - 5000, 5000))
    with pytest.raises(WeightsError, match="has 0.0 MB free"):
        weights.fetch("toy")
    assert not server.asked


def test_a_folder_that_cannot_be_made_is_said(server):
    weights.folder().parent.mkdir(parents=True)
    weights.folder().write_text("a file in the way")
    with pytest.raises(WeightsError, match="cannot be created"):
        weights.fetch("toy")


def test_damage_is_noticed_and_fetch_repairs_it(server, converter, capsys):
    weights.fetch("toy", patience=HURRY)
    damaged = bytearray(weights.path("toy").read_bytes())
    damaged[1000] ^= 1
    weights.path("toy").write_bytes(damaged)
    assert run("verify") == command.BAD
    assert "toy-fp32.safetensors has changed since it was written" in capsys.readouterr().out
    weights.fetch("toy", patience=HURRY)
    assert run("verify") == 0
    weights.path("toy", "fp16").unlink()
    assert states()["toy"] is State.DAMAGED


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"source": {}, "files": []}', "\udcff"])
def test_an_unreadable_description_is_a_model_that_is_not_there(server, text):
    about = weights.folder() / "toy" / "about.json"
    about.parent.mkdir(parents=True)
    about.write_bytes(text.encode(errors="surrogateescape"))
    assert states()["toy"] is State.ABSENT


def test_a_file_that_cannot_be_read_is_said_and_the_others_are_told_all_the_same(server, converter, monkeypatch):
    weights.fetch("toy", patience=HURRY)

    def refuse(path, algorithm):
        raise PermissionError(13, "Permission denied", str(path))
    monkeypatch.setattr("models.weights.files.digest", refuse)
    toy, unhashed = weights.everything(thoroughly=True)
    assert toy.state is State.DAMAGED and "cannot be read (Permission denied)" in toy.text
    assert unhashed.state is State.ABSENT


def test_an_imported_file_is_known_by_its_content_whatever_its_name(server, converter, home):
    file = home / "vox-adv (1).tar"
    file.write_bytes(CONTENT)
    assert weights.import_file(file) == "toy"
    assert weights.import_file(file) == "toy"
    assert states()["toy"] is State.READY
    assert file.read_bytes() == CONTENT
    assert not server.asked


def test_a_file_that_only_has_the_name_of_a_known_one_is_refused_under_that_name(server, converter, home):
    file = home / "toy.pth.tar"
    file.write_bytes(CONTENT[:-1])
    for name in (None, "toy"):
        with pytest.raises(WeightsError, match="not the published toy.pth.tar: its MD5 is .* cut short or changed"):
            weights.import_file(file, name)
    assert weights.import_file(file, "mine") == "mine"


def test_a_checkpoint_of_ones_own_gets_a_name_and_keeps_it(server, converter, home):
    file, other = home / "My Model é 3.pth", home / "other.pth"
    file.write_bytes(b"one")
    other.write_bytes(b"another")
    assert weights.import_file(file) == "my-model-3"
    assert states()["my-model-3"] is State.READY
    with pytest.raises(WeightsError, match="already another model called “my-model-3”.*--as"):
        weights.import_file(other, "my-model-3")
    with pytest.raises(WeightsError, match="cannot be the name"):
        weights.import_file(other, "../elsewhere")


def test_a_saved_web_page_and_a_missing_file_are_named_as_such(home):
    (home / "vox-adv-cpk.pth.tar").write_text("\n<html>Quota exceeded</html>")
    with pytest.raises(WeightsError, match="is a web page"):
        weights.import_file(home / "vox-adv-cpk.pth.tar")
    with pytest.raises(WeightsError, match="cannot be read"):
        weights.import_file(home / "nothing.pth")


def test_real_checkpoints_are_converted_and_hostile_ones_refused(home):
    pytest.importorskip("torch")
    from models.fomm import checkpoint, made_up
    from models.fomm.config import Config
    small = Config.from_dict(json.loads((DATA / "small-64.config.json").read_text(encoding="utf-8")))
    made_up.write(home / "own.pth.tar", small)
    assert weights.import_file(home / "own.pth.tar") == "own"
    for precision in ("fp32", "fp16"):
        assert checkpoint.load(weights.path("own", precision)).config == small
    (home / "evil.pth").write_bytes(pickle.dumps(print, protocol=2))
    with pytest.raises(checkpoint.UnsafeCheckpoint, match="evil.pth"):
        weights.import_file(home / "evil.pth")
    assert "evil" not in states()


def test_the_licence_is_shown_first_and_nothing_is_downloaded_unasked(server, converter, capsys, monkeypatch):
    with pytest.raises(UserError, match="nobody agreed to it. Add --yes to agree"):
        run("fetch", "toy")
    assert "Mind the licence." in capsys.readouterr().out
    assert not server.asked
    monkeypatch.setattr("core.cli.models._agreed", lambda question: "toy.pth.tar" in question)
    assert run("fetch", "toy") == 0
    assert capsys.readouterr().out.startswith("Mind the licence.")
    assert run("fetch", "toy", "--yes") == 0
    assert "already" in capsys.readouterr().out


def test_a_fetch_that_is_interrupted_says_that_it_can_go_on(server, converter, capsys, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt
    monkeypatch.setattr(weights, "fetch", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run("fetch", "toy", "--yes")
    assert "continue from there" in capsys.readouterr().err


def test_failures_are_sentences_for_the_user(server, home):
    server.answers.clear()
    with pytest.raises(UserError, match="could not be downloaded"):
        run("fetch", "toy", "--yes")
    with pytest.raises(UserError, match="cannot be read"):
        run("import", str(home / "nothing.pth"))
