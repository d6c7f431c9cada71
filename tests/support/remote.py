"""OBS's remote control (obs-websocket), with the few requests that the tests need."""

from __future__ import annotations

import base64
import contextlib
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import cv2
import numpy as np
import obsws_python
from obsws_python.error import OBSSDKRequestError, OBSSDKTimeoutError

from .home import FILTER_ID, SCENE, SOURCE_ID
from .waiting import PATIENCE, POLL_SECONDS, wait_for

_NOT_READY, _RENDER_FAILED = 207, 702
_VENDOR = "obs-avatar"

# It logs each failed request with a traceback, also those that a poll expects.
logging.getLogger("obsws_python").setLevel(logging.CRITICAL)

T = TypeVar("T")


class Remote:
    """One connection to obs-websocket."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._client: obsws_python.ReqClient | None = None

    def check_alive(self) -> None:
        """Overridden by who knows the process: raises when waiting has become pointless."""

    def wait_for(self, predicate: Callable[[], T], seconds: float, what: str) -> T:
        """As waiting.wait_for; fails at once when OBS has ended."""
        return wait_for(predicate, seconds, what, self.check_alive)

    def connect(self, seconds: float) -> None:
        """Waits until OBS answers requests."""
        self.wait_for(self._try_to_connect, seconds, "OBS answers on its websocket")

    def _try_to_connect(self) -> bool:
        try:
            self._client = obsws_python.ReqClient(host="127.0.0.1", port=self.port, password="", timeout=PATIENCE)
            self._client.send("GetVersion", raw=True)
            return True
        except (OSError, ValueError, OBSSDKTimeoutError):
            return False
        except OBSSDKRequestError as error:
            if error.code == _NOT_READY:
                return False
            raise
        except Exception as error:  # the websocket library's own errors share no base with anything else
            if type(error).__module__.startswith("websocket"):
                return False
            raise

    def disconnect(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.disconnect()

    def request(self, kind: str, data: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
        """Any request of obs-websocket; its answer's data. Raises OBSSDKRequestError where OBS refuses."""
        if self._client is None:
            self.connect(PATIENCE)
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return self._client.send(kind, {**(data or {}), **fields}, raw=True) or {}
            except OBSSDKRequestError as error:
                # Newer versions say so while they change the collection.
                if error.code != _NOT_READY or time.monotonic() > deadline:
                    raise
                time.sleep(POLL_SECONDS)
            except BaseException:  # such as Ctrl+C: this answer is still to come, and would be taken for that of the next
                with contextlib.suppress(Exception):
                    self.disconnect()
                raise

    def add_source(self, name: str, settings: dict[str, Any], scene: str = SCENE) -> None:
        self.request("CreateInput", sceneName=scene, inputName=name, inputKind=SOURCE_ID, inputSettings=settings,
                     sceneItemEnabled=True)

    def add_media(self, name: str, file: Path, scene: str = SCENE, **settings: Any) -> None:
        """OBS's own media source, playing a file over and over."""
        self.request("CreateInput", sceneName=scene, inputName=name, inputKind="ffmpeg_source", sceneItemEnabled=True,
                     inputSettings={"local_file": str(file), "looping": True, "hw_decode": False, **settings})

    def add_filter(self, source: str, settings: dict[str, Any], name: str = "Avatar") -> str:
        """Our filter on that source; the name by which `status` knows it."""
        self.request("CreateSourceFilter", sourceName=source, filterName=name, filterKind=FILTER_ID, filterSettings=settings)
        return f"{source}: {name}"

    def remove_source(self, name: str) -> None:
        self.request("RemoveInput", inputName=name)

    def source_names(self) -> list[str]:
        return [entry["inputName"] for entry in self.request("GetInputList")["inputs"]]

    def settings(self, name: str) -> dict[str, Any]:
        """What the user has set; what stands at its default is not in it."""
        return self.request("GetInputSettings", inputName=name)["inputSettings"]

    def set_settings(self, name: str, **values: Any) -> None:
        """Changes these settings and leaves the others."""
        self.request("SetInputSettings", inputName=name, inputSettings=values, overlay=True)

    def replace_settings(self, name: str, values: dict[str, Any]) -> None:
        """These settings, and for all others their defaults."""
        self.request("SetInputSettings", inputName=name, inputSettings=values, overlay=False)

    def peek(self, name: str) -> np.ndarray | None:
        """The source's (or scene's) picture as BGRA in its own size; None while it has none."""
        try:
            answer = self.request("GetSourceScreenshot", sourceName=name, imageFormat="png")
        except OBSSDKRequestError as error:
            if error.code == _RENDER_FAILED:
                return None
            raise
        data = base64.b64decode(answer["imageData"].partition(",")[2])
        picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
        return picture if picture.shape[2] == 4 else cv2.cvtColor(picture, cv2.COLOR_BGR2BGRA)

    def screenshot(self, name: str, seconds: float = PATIENCE) -> np.ndarray:
        """The source's picture as BGRA; waits for one."""
        found: list[np.ndarray] = []

        def has_picture() -> bool:
            picture = self.peek(name)
            found.extend([] if picture is None else [picture])
            return bool(found)

        self.wait_for(has_picture, seconds, f"{name} has a picture")
        return found[0]

    def screenshots(self, name: str, count: int, over_seconds: float) -> list[np.ndarray]:
        """Pictures taken at even distances (or as fast as OBS delivers them)."""
        start, taken = time.monotonic(), []
        for number in range(count):
            time.sleep(max(0.0, start + number * over_seconds / count - time.monotonic()))
            taken.append(self.screenshot(name))
        return taken

    def status(self, name: str) -> dict[str, Any]:
        """What our script says about a source; empty while it does not know it."""
        try:
            answer = self.request("CallVendorRequest", vendorName=_VENDOR, requestType="status",
                                  requestData={"source": name})
        except OBSSDKRequestError:
            return {}
        return answer["responseData"]

    def wait_for_state(self, name: str, state: str, seconds: float) -> dict[str, Any]:
        """Waits until the status says so, and returns the status."""
        found: dict[str, Any] = {}

        def says_so() -> bool:
            found.clear()
            found.update(self.status(name))
            return found.get("state") == state

        try:
            self.wait_for(says_so, seconds, f"{name} is {state}")
        except AssertionError as error:
            raise AssertionError(f"{error}; its status: {found}") from None
        return found

    def scene_names(self) -> list[str]:
        return [entry["sceneName"] for entry in self.request("GetSceneList")["scenes"]]

    def remove_scene(self, name: str) -> None:
        self.request("RemoveScene", sceneName=name)

    def make_scene(self, name: str) -> None:
        self.request("CreateScene", sceneName=name)

    def show_scene(self, name: str) -> None:
        self.request("SetCurrentProgramScene", sceneName=name)

    def switch_collection(self, name: str) -> None:
        """Returns when OBS has loaded the collection."""
        self.request("SetCurrentSceneCollection", sceneCollectionName=name)
        self.wait_for(
            lambda: self.request("GetSceneCollectionList")["currentSceneCollectionName"] == name, 15,
            f"the scene collection is {name}")

    def record(self, seconds: float) -> Path:
        """Records the program for so long; returns the finished file."""
        self.request("StartRecord")
        self.wait_for(lambda: self.request("GetRecordStatus")["outputDuration"] >= seconds * 1000, seconds + PATIENCE,
                      f"{seconds:g} s are recorded")
        file = Path(self.request("StopRecord")["outputPath"])
        self.wait_for(lambda: not self.request("GetRecordStatus")["outputActive"], PATIENCE, "the recording has ended")
        sizes = [-1]

        def settled() -> bool:  # the muxer is a process of its own and still writes
            sizes.append(file.stat().st_size if file.exists() else 0)
            return 0 < sizes[-1] == sizes[-5] if len(sizes) >= 5 else False

        self.wait_for(settled, PATIENCE, f"{file.name} no longer grows")
        return file

    def let_draw(self, turns: int = 5) -> None:
        """Waits until OBS has gone through so many more turns: each takes waiting frames, and draws what is shown."""
        until = self.stats()["renderTotalFrames"] + turns
        self.wait_for(lambda: self.stats()["renderTotalFrames"] >= until, 10, f"OBS has drawn {turns} more times")

    def stats(self) -> dict[str, Any]:
        """OBS's own measurements: cpuUsage, activeFps, averageFrameRenderTime, renderSkippedFrames and more."""
        return self.request("GetStats")
