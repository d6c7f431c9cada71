"""The dock page in a browser, with a real OBS behind it: what is clicked there becomes a setting of the source."""

import json
import shutil

import cv2
import numpy as np
import pytest

from core.cli.test import BROWSERS
from core.shared import dock_address, texts

from ..support import pictures
from ..support.home import SOURCE_ID
from ..support.scene import AVATAR, DRIVEN, LIVE_SECONDS
from ..support.waiting import PATIENCE, wait_for
from ..worker.dock.conftest import Dock, ask, use_folder

OTHER = "Second avatar"
DOCKED = dict(DRIVEN, dock=True)


class Address:
    """Of the page of that OBS's user."""

    def __init__(self, obs):
        self._folder = obs.home / ".local" / "share" / "obs-avatar" / "dock"
        kept = json.loads((self._folder / "address.json").read_text())
        self.port, self.token = kept["port"], kept["token"]
        self.origin = f"http://127.0.0.1:{self.port}"
        self.url = f"{self.origin}/{self.token}/"

    @property
    def opener(self):
        return (self._folder / "avatar-dock.html").as_uri()

    def get(self, path):
        return json.loads(ask(self.port, "GET", f"/{self.token}/{path}").body)

    def post(self, path, value):
        return ask(self.port, "POST", f"/{self.token}/{path}", json.dumps(value), Origin=self.origin,
                   Content_Type="application/json").status

    def sources(self):
        """Name: id."""
        return {source["name"]: source["id"] for source in self.get("sources")}


@pytest.fixture(scope="module")
def obs(make_module_obs):
    running = make_module_obs({AVATAR: DOCKED, OTHER: dict(DOCKED, avatar="clay")})
    for name in (AVATAR, OTHER):
        running.wait_for_state(name, "live", LIVE_SECONDS)
    yield running
    running.end_cleanly()


@pytest.fixture(autouse=True)
def as_it_was(obs):
    yield
    obs.replace_settings(AVATAR, DOCKED)


@pytest.fixture
def address(obs):
    def both_are_there():
        try:
            return len(Address(obs).get("sources")) == 2
        except (OSError, ValueError):
            return False
    obs.wait_for(both_are_there, PATIENCE, "both sources are on the page")
    return Address(obs)


@pytest.fixture(scope="module")
def chromium():
    """A browser; like OBS's docks it is a Chromium."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.fail("The dock page is looked at in a browser. On Debian: apt-get install chromium", pytrace=False)
    from playwright.sync_api import sync_playwright  # here: it is there only where these tests can run
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])  # root has no sandbox
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium):
    """open_page(address): a page of the size of a dock; whatever its script or its policy complains of fails the test."""
    complaints, contexts = [], []

    def go(url):
        contexts.append(chromium.new_context(viewport={"width": 300, "height": 600}))
        contexts[-1].set_default_timeout(1000 * PATIENCE)
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        # That a request was refused, or found nobody, is said there too; the page says it to the user.
        page.on("console", lambda said: complaints.append(said.text)
                if said.type == "error" and not said.text.startswith("Failed to load resource") else None)
        page.goto(url)
        page.wait_for_selector("#avatars button")
        return page

    yield go
    for context in contexts:
        context.close()
    assert complaints == []


def chosen(page):
    return page.eval_on_selector_all("#avatars [aria-pressed=true]", "found => found.map(one => one.dataset.id)")


def has_loaded(page, images):
    return page.eval_on_selector_all(images, "found => found.every(one => one.naturalWidth > 0)")


def drawn(page, canvas):
    """How many pixels of the graph are as bright as its line."""
    return page.eval_on_selector(canvas, """canvas => {
        const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        const at = [...Array(data.length / 4).keys()].map(pixel => 4 * pixel);
        return at.filter(first => data[first + 3] > 200 && Math.max(...data.slice(first, first + 3)) > 150).length; }""")


def test_an_avatar_chosen_through_the_page_is_a_setting_of_the_source(obs, address):
    assert address.post(f"sources/{address.sources()[AVATAR]}/set", {"avatar": "marcus"}) == 204
    obs.wait_for(lambda: obs.settings(AVATAR)["avatar"] == "marcus", PATIENCE, "OBS has the setting")
    obs.wait_for(lambda: pictures.shows_avatar(obs.screenshot(AVATAR), "marcus"), PATIENCE, "marcus is shown")
    assert obs.settings(OTHER)["avatar"] == "clay"


def test_whatever_a_worker_asks_for_only_what_the_page_may_change_is_changed(obs, address):
    before = obs.settings(AVATAR)
    for values in ({"driver_url": "rtsp://evil.example"}, {"avatar_file": "/etc/passwd"}, {"badge": False, "driver": "screen"},
                   {"badge": 0}, {"avatar": "user:../../x.png"}, {"avatar": ["nora"]}, {"dock": False}, {}):
        obs.control("worker_says", source=AVATAR, message={"type": "set", "values": values})
    obs.control("worker_says", source=AVATAR, message={"type": "set", "values": {"mirror": True}})
    obs.wait_for(lambda: obs.settings(AVATAR).get("mirror") is True, PATIENCE, "what is allowed has come")
    assert obs.settings(AVATAR) == dict(before, mirror=True)


def test_a_source_is_listed_under_the_name_that_the_user_gives_it(obs, address):
    obs.request("SetInputName", inputName=OTHER, newInputName="Renamed")
    obs.wait_for(lambda: set(address.sources()) == {AVATAR, "Renamed"}, PATIENCE, "it is renamed")
    obs.request("SetInputName", inputName="Renamed", newInputName=OTHER)
    obs.wait_for(lambda: set(address.sources()) == {AVATAR, OTHER}, PATIENCE, "it is named as before")


def test_the_page_shows_the_gallery_and_a_click_changes_the_avatar(obs, address, open_page):
    page = open_page(address.url)
    wait_for(lambda: chosen(page) == ["nora"], PATIENCE, "the source's avatar is marked")
    assert page.locator("#avatars button[data-id]:visible").count() == len(address.get("avatars"))
    wait_for(lambda: has_loaded(page, "#avatars li:not([hidden]) img"), PATIENCE, "all thumbnails are there")
    page.click("button[data-id=marcus]")
    obs.wait_for(lambda: obs.settings(AVATAR)["avatar"] == "marcus", PATIENCE, "OBS has the setting")
    assert chosen(page) == ["marcus"]


def test_badge_mirror_and_hide_are_switched_on_the_page_and_what_obs_changes_is_shown(obs, address, open_page):
    page = open_page(address.url)
    page.wait_for_selector("#badge input:checked")
    page.click("#badge")
    page.click("#mirror")
    obs.wait_for(lambda: (obs.settings(AVATAR).get("badge"), obs.settings(AVATAR).get("mirror")) == (False, True), PATIENCE,
                 "OBS has both settings")
    assert "some other way" in page.inner_text("#badge")
    page.click("#hidden")
    obs.wait_for_state(AVATAR, "paused", PATIENCE)
    page.wait_for_selector("#state[data-state=paused]")
    obs.replace_settings(AVATAR, DOCKED)
    page.wait_for_selector("#hidden[aria-pressed=false]")
    page.wait_for_selector("#badge input:checked")


def test_the_graphs_draw_how_it_runs(obs, address, open_page):
    page = open_page(address.url)
    page.wait_for_selector("#state[data-state=live]")
    wait_for(lambda: min(drawn(page, "#fps-graph"), drawn(page, "#delay-graph")) > 3, PATIENCE, "both lines are drawn")
    assert float(page.inner_text("#fps")) > 1
    assert page.inner_text("#delay").endswith(" ms")


def test_the_camera_is_seen_only_while_the_box_is_ticked(obs, address, open_page):
    page = open_page(address.url)
    asked = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/seen") else None)
    page.wait_for_selector("#state[data-state=live]")
    page.wait_for_timeout(700)
    assert asked == [] and not page.is_visible("#picture")
    page.check("#look")
    wait_for(lambda: has_loaded(page, "#picture"), PATIENCE, "the camera's picture is there")
    page.uncheck("#look")
    page.wait_for_selector("#picture", state="hidden")
    page.wait_for_timeout(300)
    asked.clear()
    page.wait_for_timeout(700)
    assert asked == []


def test_the_other_source_is_reached_from_the_same_page(obs, address, open_page):
    page = open_page(address.url)
    page.select_option("#source", label=OTHER)
    wait_for(lambda: chosen(page) == ["clay"], PATIENCE, "the other source's avatar is marked")
    page.click("#calibrate")
    page.wait_for_selector("text=Hold still")
    page.reload()
    wait_for(lambda: chosen(page) == ["clay"], PATIENCE, "the page comes back to the source that was chosen")


def test_a_picture_is_added_on_the_page_and_what_cannot_be_one_is_refused_in_a_sentence(address, open_page, tmp_path):
    page = open_page(address.url)
    assert "consent" in page.inner_text("#gallery")
    (tmp_path / "none.png").write_text("Dear avatar,")
    with (tmp_path / "large.png").open("wb") as large:
        large.truncate(50 << 20)
    before = page.locator("#avatars button[data-id]").count()
    for name, says in (("large.png", "larger than 32 MB"), ("none.png", "not a picture")):
        page.set_input_files("#file", tmp_path / name)
        page.wait_for_selector(f"#said.bad:has-text('{says}')")
        page.evaluate("document.getElementById('said').textContent = ''")
    shutil.copyfile(pictures.AVATARS / "nora.png", tmp_path / "me.png")
    page.set_input_files("#file", tmp_path / "me.png")
    wait_for(lambda: page.locator("#avatars button[data-id]").count() == before + 1, PATIENCE, "the gallery has one more")


def test_a_picture_without_a_face_gets_its_landmarks_on_the_editors_page(address, open_page, tmp_path):
    blot = tmp_path / "blot.png"
    cv2.imwrite(str(blot), np.random.default_rng(3).integers(0, 255, (320, 320, 3), np.uint8))
    page = open_page(address.url)
    page.wait_for_selector("#avatars button")
    page.on("dialog", lambda dialog: dialog.accept())
    page.set_input_files("#file", str(blot))
    page.wait_for_selector("button.point >> nth=11")
    chin = page.locator("button.point").nth(10)
    chin.focus()
    page.keyboard.press("Shift+ArrowDown")
    page.wait_for_selector("#preview:not([hidden]):not(.old)")
    page.screenshot(path=str(tmp_path / "editor.png"))
    page.click("#save")
    page.wait_for_selector("#answer:not(:empty)")
    assert page.inner_text("#answer").startswith("Saved")
    page.click("a[data-text='Dock.Editor.Back']")
    page.wait_for_selector("#avatars button[title=blot]")


def test_a_picture_file_from_the_properties_stands_in_the_gallery_too(obs, address, open_page, tmp_path):
    shutil.copyfile(pictures.AVATARS / "clay.png", tmp_path / "it.png")
    obs.set_settings(AVATAR, avatar="file", avatar_file=str(tmp_path / "it.png"))
    page = open_page(address.url)
    wait_for(lambda: chosen(page) == ["file"], PATIENCE, "the picture file is marked")
    wait_for(lambda: has_loaded(page, "#own-file img"), PATIENCE, "it is seen")
    page.click("button[data-id=nora]")
    obs.wait_for(lambda: obs.settings(AVATAR)["avatar"] == "nora", PATIENCE, "OBS has the setting")
    page.click("#own-file button")
    obs.wait_for(lambda: obs.settings(AVATAR)["avatar"] == "file", PATIENCE, "and back")


def test_a_browser_that_sends_50_mb_all_the_same_reads_why_not(address, open_page):
    page = open_page(address.url)
    status, sentence = page.evaluate("""async () => {
        const answer = await fetch("avatars?name=it.png", {
            method: "POST", headers: {"Content-Type": "application/octet-stream"}, body: new Blob([new Uint8Array(50 << 20)])});
        return [answer.status, await answer.text()]; }""")
    assert status == 413 and "larger than 32 MB" in sentence


def test_the_address_that_the_panel_gives_is_that_of_the_opener(obs, address):
    defaults = obs.request("GetInputDefaultSettings", inputKind=SOURCE_ID)["defaultInputSettings"]
    assert defaults["dock_address"] == address.opener


def test_the_opener_waits_for_the_page_and_leads_to_it(address, open_page):
    page = open_page(address.opener)
    assert page.url == address.url


def test_the_page_speaks_german_in_a_german_obs_and_says_so_when_nobody_is_there(open_page, tmp_path, monkeypatch):
    use_folder(tmp_path, monkeypatch)
    texts.use("de-DE")
    dock = Dock("Avatar")
    try:
        wait_for(lambda: dock.serves, PATIENCE, "the page is served")
        page = open_page(dock_address.get().url)
        assert page.get_attribute("html", "lang") == "de-DE"
        assert page.inner_text("#calibrate") == "Kalibrieren"
        assert "Einwilligung" in page.inner_text("#gallery")
    finally:
        dock.close()
        texts.use(texts.FALLBACK)
    page.wait_for_selector("#lost:has-text('geht es hier von selbst weiter')")
