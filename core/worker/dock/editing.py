"""What the editor page asks for: where an avatar's landmarks are, how it looks with other ones, and to keep them."""

from __future__ import annotations

import json
from typing import Callable

from ...gallery import landmarks
from ...pictures.reading import PictureError
from .answers import Answer, Request, data, sentence
from .source import DockSource


def suggest(desk: DockSource, request: Request, avatar: str) -> Answer:
    return _said(lambda: data(landmarks.suggest(avatar)._asdict()))


def save(desk: DockSource, request: Request, avatar: str) -> Answer:
    return _said(lambda: data({"remarks": landmarks.save(avatar, json.loads(request.body))}))


def preview(desk: DockSource, request: Request, avatar: str) -> Answer:
    return _said(lambda: Answer(200, "image/jpeg", landmarks.preview(avatar, json.loads(request.body))))


def picture(desk: DockSource, request: Request, avatar: str) -> Answer:
    return _said(lambda: Answer(200, "image/jpeg", landmarks.shown(avatar)))


def _said(answer: Callable[[], Answer]) -> Answer:
    try:
        return answer()
    except PictureError as error:
        return Answer(422, "text/plain; charset=utf-8", str(error).encode())
    except (ValueError, RecursionError):
        return sentence(400, "Dock.Refused.Malformed")
