"""Adding a picture on the page: it is in the gallery, or a sentence says why not; nothing else of the user's is touched."""

import io
import json
from urllib.parse import quote

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from core.shared import avatars, places

NORA = avatars.picture_path("nora", "")


def gallery(dock):
    return [avatar["id"] for avatar in json.loads(dock.get("avatars").body)]


def add(dock, content, name):
    return dock.post("avatars?name=" + name, content, "application/octet-stream")


def test_an_added_picture_is_in_the_gallery_with_a_thumbnail(dock):
    answer = add(dock, NORA.read_bytes(), "my%20face.png")
    assert answer.status == 201
    id = json.loads(answer.body)["id"]
    assert id in gallery(dock)
    thumbnail = dock.get("thumbnails/" + id.replace(" ", "%20"))
    assert thumbnail.headers["Content-Type"] in ("image/jpeg", "image/png")
    assert Image.open(io.BytesIO(thumbnail.body)).size[0] <= 320


def test_two_pictures_of_one_name_are_both_kept(dock):
    ids = {json.loads(add(dock, NORA.read_bytes(), "me.png").body)["id"] for _ in range(2)}
    assert len(ids) == 2 and ids <= set(gallery(dock))


def test_what_is_no_picture_is_refused_in_a_sentence(dock):
    before = gallery(dock)
    tiny = io.BytesIO()
    Image.fromarray(np.zeros((9, 9, 3), np.uint8)).save(tiny, "PNG")
    for content in (b"Dear avatar,", b"", NORA.read_bytes()[:500], tiny.getvalue()):
        answer = add(dock, content, "it.png")
        assert answer.status == 422
        assert "it.png" in answer.body.decode() or "it" in answer.body.decode()
        assert answer.body.decode().rstrip().endswith(".")
    assert gallery(dock) == before


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=120) | st.sampled_from(["../../evil.png", "/etc/passwd", "C:\\evil.png", ".hidden.png", "con.png",
                                                "a\x00b.png", "…".join("ab"), "x" * 400]))
def test_whatever_a_picture_is_called_it_lands_in_the_users_folder_and_nowhere_else(dock, name):
    outside = set(places.user_data().parent.rglob("*.png")) - set(places.user_avatars().rglob("*"))
    answer = add(dock, NORA.read_bytes(), quote(name.encode("utf-8", "replace")))
    assert answer.status == 201
    assert json.loads(answer.body)["id"] in gallery(dock)
    assert set(places.user_data().parent.rglob("*.png")) - set(places.user_avatars().rglob("*")) == outside
