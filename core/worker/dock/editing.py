"""Answers the editor page: where an avatar's landmarks are, how it looks with other ones, and saving them."""

from __future__ import annotations

import json
from typing import Callable

from ...gallery import landmarks
from ...shared.errors import UserError
from .answers import Answer, Question, data, sentence


def suggest(question: Question) -> Answer:
    return _said(lambda: data(landmarks.suggest(question.parts[0])._asdict()))


def save(question: Question) -> Answer:
    return _said(lambda: data({"remarks": landmarks.save(question.parts[0], json.loads(question.request.body))}))


def preview(question: Question) -> Answer:
    return _said(lambda: Answer(200, "image/jpeg", landmarks.preview(question.parts[0], json.loads(question.request.body))))


def picture(question: Question) -> Answer:
    return _said(lambda: Answer(200, "image/jpeg", landmarks.shown(question.parts[0])))


def _said(answer: Callable[[], Answer]) -> Answer:
    try:
        return answer()
    except UserError as error:
        return Answer(422, "text/plain; charset=utf-8", str(error).encode())
    except (ValueError, RecursionError):
        return sentence(400, "Dock.Refused.Malformed")
