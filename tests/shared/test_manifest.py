"""What is written about an avatar: read as it was written, or refused with a sentence, whoever wrote it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.shared import limits, manifest
from core.shared.manifest import Condition, Expression, Manifest, ManifestError

lines = st.text(st.characters(exclude_categories=("C", "Z")), max_size=40)
files = st.from_regex(r"[a-z0-9][a-z0-9_-]{3,20}\.(png|jpg|webp)", fullmatch=True).filter(manifest.is_file_name)
names = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}", fullmatch=True)
values = st.integers(0, 1000).map(lambda number: number / 1000)
points = st.tuples(*[st.integers(-500, 1500).map(lambda number: number / 1000)] * 2)
expressions = st.builds(Expression, files, st.dictionaries(names, st.tuples(st.booleans(), values), max_size=4).map(
    lambda found: tuple(Condition(key, *value) for key, value in found.items())))
manifests = st.builds(Manifest, lines, lines, lines, files | st.just(""), files | st.just(""),
                      st.none() | st.fixed_dictionaries(dict.fromkeys(manifest.LANDMARKS, points)),
                      st.dictionaries(names, expressions, max_size=limits.EXPRESSIONS))
anything = st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
                        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4))
SOUND = {"format": "obs-avatar", "version": 1, "picture": "me.png"}


@given(manifests)
def test_what_is_written_is_read_again(about):
    assert manifest.parsed(manifest.written(about)) == about


@given(st.binary(max_size=300) | anything.map(lambda value: json.dumps(value).encode()))
def test_any_content_is_a_manifest_or_refused_in_a_sentence(content):
    try:
        manifest.parsed(content)
    except ManifestError as error:
        assert str(error).endswith((".", ").", "md.")) and "avatar.json" in str(error)


@given(st.sampled_from(["title", "author", "licence", "picture", "matte", "landmarks", "expressions", "version"]), anything)
def test_a_field_of_any_kind_is_taken_or_refused(key, value):
    try:
        about = manifest.parsed(json.dumps(dict(SOUND, **{key: value})).encode())
    except ManifestError:
        return
    assert all(manifest.is_file_name(name) for name in about.files)
    assert about.title.isprintable() and len(about.title) <= limits.TITLE_LETTERS


@pytest.mark.parametrize("name", [
    "../me.png", "/etc/me.png", "a/b.png", "a\\b.png", "C:me.png", ".hidden.png", "me.png\0", "me.exe", "me.svg", "me",
    "con.png", "COM1.jpg", "me.png.", "me\n.png", "..png", "ä.png", "x" * 80 + ".png", "-o.png", "~.png", "%2e%2e%2f.png"])
def test_a_file_name_that_leads_elsewhere_is_refused(name):
    assert not manifest.is_file_name(name)
    for fields in ({"picture": name}, {"matte": name}, {"expressions": {"happy": {"picture": name}}}):
        with pytest.raises(ManifestError):
            manifest.parsed(json.dumps(dict(SOUND, **fields)).encode())


@pytest.mark.parametrize("points", [
    {}, [], "x", {"chin": [0, 0]}, dict.fromkeys(manifest.LANDMARKS, [0, 9]), dict.fromkeys(manifest.LANDMARKS, [0, None]),
    dict.fromkeys(manifest.LANDMARKS, [True, 0]), dict.fromkeys(manifest.LANDMARKS, [0.1]),
    dict.fromkeys([*manifest.LANDMARKS, "third_eye"], [0, 0])])
def test_landmarks_that_are_none_are_refused(points):
    with pytest.raises(ManifestError, match="landmarks"):
        manifest.parsed(json.dumps(dict(SOUND, landmarks=points)).encode())


def test_not_a_number_is_refused():
    given_points = json.dumps(dict(SOUND, landmarks=dict.fromkeys(manifest.LANDMARKS, [0.5, 0.5])))
    with pytest.raises(ManifestError):
        manifest.parsed(given_points.replace("0.5", "NaN", 1).encode())


@pytest.mark.parametrize("when", ["x", {"mouthSmileLeft": 0.5}, {"mouthSmileLeft": "=0.5"}, {"mouthSmileLeft": ">1e99"},
                                  {"a b": ">0.5"}, {"x" * 99: ">0.5"}, {"smile": "> .5"}])
def test_a_condition_that_is_none_is_refused(when):
    with pytest.raises(ManifestError, match="expressions.happy.when"):
        manifest.parsed(json.dumps(dict(SOUND, expressions={"happy": {"picture": "a.png", "when": when}})).encode())


def test_one_of_a_newer_version_says_so():
    with pytest.raises(ManifestError, match="newer version"):
        manifest.parsed(json.dumps(dict(SOUND, version=2)).encode())


def test_one_without_end_is_not_read(tmp_path):
    (tmp_path / "avatar.json").write_bytes(b"[" * 1_000_000)
    with pytest.raises(ManifestError, match="longer than 64 kB"):
        manifest.read(tmp_path / "avatar.json")


def test_one_that_is_deeply_nested_is_refused():
    with pytest.raises(ManifestError):
        manifest.parsed(b"[" * 60_000)


def test_titles_keep_any_letters_but_none_that_hide_or_break_lines():
    about = manifest.parsed(json.dumps(dict(SOUND, title="Größe\n日本\u202e🙂")).encode())
    assert about.title == "Größe 日本 🙂"
