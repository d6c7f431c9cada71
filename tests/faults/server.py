"""A camera on the network, as an HTTP server of this test: MJPEG, and all the bad habits of a camera on command."""

from __future__ import annotations

import os
import socket
import threading
import time

import cv2
import numpy as np

from . import clip

FRAMES_A_SECOND = 24
_HEAD = b"HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\n\r\n"
NORMAL, BLACK, OTHER_SIZE, GARBAGE, SILENT, TINY, HALF = "normal", "black", "other size", "garbage", "silent", "tiny", "half"


class Camera:
    """`mode` says what it delivers, from the next picture on. `unplug` lets go of all who look, and nobody gets in."""

    def __init__(self) -> None:
        self.mode = NORMAL
        self._plugged = True
        self._server = socket.create_server(("127.0.0.1", 0))
        self._port = self._server.getsockname()[1]
        self._pictures = {size: [_jpeg(cv2.resize(picture, None, fx=size, fy=size)) for picture in clip.pictures()]
                          for size in (1, 1.5, 0.05)}
        self._black = _jpeg(np.zeros((352, 352, 3), np.uint8))
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._port}/live.mjpg"

    def unplug(self) -> None:
        self._plugged = False

    def plug_in(self) -> None:
        self._plugged = True

    def close(self) -> None:
        self._plugged = False
        self._server.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._deliver, args=(connection,), daemon=True).start()

    def _deliver(self, connection: socket.socket) -> None:
        with connection:
            try:
                connection.recv(4096)
                if self._plugged:
                    connection.sendall(_HEAD)
                number = 0
                while self._plugged:
                    if self.mode != SILENT:
                        connection.sendall(self._part(number))
                    number += 1
                    time.sleep(1 / FRAMES_A_SECOND)
            except OSError:
                pass

    def _part(self, number: int) -> bytes:
        sizes = {OTHER_SIZE: 1.5, TINY: 0.05}
        if self.mode == GARBAGE:
            return os.urandom(20000)
        pictures = self._pictures[sizes.get(self.mode, 1)]
        body = self._black if self.mode == BLACK else pictures[number % len(pictures)]
        if self.mode == HALF:
            body = body[:len(body) // 2]
        return b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n%s\r\n" % (len(body), body)


def _jpeg(picture: np.ndarray) -> bytes:
    return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 80])[1].tobytes()
