"""Makes the alternative pictures of one shipped avatar, which show what expressions are: python avatars/make_expressions.py

They are made from the avatar's own picture, so run this again when that has changed. The engine draws the smile and the shut
eyes; the blush and the tears, which no mesh can do, are painted. The same picture in gives the same pictures out.
"""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from core.shared import avatars, manifest
from models import engines
from models.contract import MotionOptions, Observation
from models.face import poses
from models.face.measures import eye_width, face_height
from models.face.topology import EYES

ID = "clay"
CHEEKS = (205, 425)
ROSE, ROSE_STRENGTH = (92, 84, 232), 0.42
"""BGR."""
TEAR, TEAR_STRENGTH = (255, 236, 214), 0.75
QUALITY = 95
DOCS, DOCS_SIDE = Path(__file__).resolve().parents[1] / "docs" / "pictures" / "expressions.jpg", 280
"""The row of pictures in docs/avatars.md."""
WHEN = (manifest.Condition("mouthSmileLeft", True, 0.55), manifest.Condition("mouthSmileRight", True, 0.55))


def main() -> None:
    path = avatars.find(ID).path
    picture = cv2.imread(str(path))
    painter = engines.load("landmark", cached=False).painter
    avatar = painter.prepare(picture)
    face = avatar.observation
    smiling = painter.animate(avatar, poses.smiling_with_shut_eyes(), poses.neutral(), MotionOptions(mouth="drawn")).picture
    pictures = {"blushing": blush(picture, face), "happy": blush(smiling[..., :3], face), "crying": tears(picture, face)}
    expressions = {}
    for name, drawn in pictures.items():
        file = f"{ID}.{name}.jpg"
        cv2.imwrite(str(path.with_name(file)), drawn, (cv2.IMWRITE_JPEG_QUALITY, QUALITY))
        expressions[name] = manifest.Expression(file, WHEN if name == "blushing" else ())
    about = manifest.Manifest(author="OBS Avatar", licence="CC0 1.0", expressions=expressions)
    path.with_name(path.name + avatars.SIDECAR).write_bytes(manifest.written(about))
    row = [cv2.resize(each, (DOCS_SIDE,) * 2, interpolation=cv2.INTER_AREA) for each in (picture, *pictures.values())]
    cv2.imwrite(str(DOCS), np.hstack(row), (cv2.IMWRITE_JPEG_QUALITY, 88))


def blush(picture: np.ndarray, face: Observation) -> np.ndarray:
    """The picture with rosy cheeks."""
    height = face_height(face.keypoints)
    rosy = np.zeros(picture.shape[:2], np.float32)
    for cheek, eye in zip(CHEEKS, EYES):
        # Somewhat higher than the landmark, towards the eye: where people blush.
        x, y = (face.keypoints[cheek, :2] * 0.75 + face.keypoints[eye.lower[4], :2] * 0.25).tolist()
        cv2.ellipse(rosy, (round(x), round(y)), (round(0.115 * height), round(0.07 * height)), 0, 0, 360, 1.0, -1)
    return mixed(picture, ROSE, cv2.GaussianBlur(rosy, (0, 0), 0.035 * height) * ROSE_STRENGTH)


def tears(picture: np.ndarray, face: Observation) -> np.ndarray:
    """The picture with a tear under each eye."""
    wet, shine = (np.zeros(picture.shape[:2], np.float32) for _ in range(2))
    for eye in EYES:
        width = eye_width(face.keypoints, eye)
        x, y = face.keypoints[eye.lower[4], :2].tolist()
        fall = y + 0.95 * width
        drop = [(x, y + 0.12 * width), (x + 0.11 * width, fall - 0.14 * width), (x - 0.11 * width, fall - 0.14 * width)]
        cv2.fillPoly(wet, [np.rint(drop).astype(np.int32)], 1.0, cv2.LINE_AA)
        cv2.circle(wet, (round(x), round(fall - 0.11 * width)), round(0.125 * width), 1.0, -1, cv2.LINE_AA)
        cv2.circle(shine, (round(x - 0.04 * width), round(fall - 0.15 * width)), round(0.035 * width), 1.0, -1, cv2.LINE_AA)
    soft = 0.012 * face_height(face.keypoints) / 2
    shaded = mixed(picture, (150, 110, 80), cv2.GaussianBlur(wet, (0, 0), 3 * soft) * 0.35)
    return mixed(mixed(shaded, TEAR, cv2.GaussianBlur(wet, (0, 0), soft) * TEAR_STRENGTH), (255, 255, 255), shine)


def mixed(picture: np.ndarray, colour, share: np.ndarray) -> np.ndarray:
    return np.rint(picture + (np.float32(colour) - picture) * share[..., None]).astype(np.uint8)


if __name__ == "__main__":
    main()
