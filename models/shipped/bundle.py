"""The model files that ship with the engine, beside this file, checked and opened.

LiteRT runs them on XNNPACK, its fast CPU kernels, by default.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

from ai_edge_litert.interpreter import Interpreter

from core.shared.errors import UserError
from core.shared.texts import text

FACE_LANDMARKER = Path(__file__).with_name("face_landmarker.task")
FACE_LANDMARKER_SHA256 = "64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff"

SELFIE_SEGMENTATION = Path(__file__).with_name("selfie_segmentation.tflite")
SELFIE_SEGMENTATION_SHA256 = "9ee168ec7c8f2a16c56fe8e1cfbc514974cbbb7e434051b455635f1bd1462f5c"

FACE_DETECTOR = "face_detector.tflite"
FACE_LANDMARKS = "face_landmarks_detector.tflite"
FACE_BLENDSHAPES = "face_blendshapes.tflite"
STANDARD_FACE = "geometry_pipeline_metadata_landmarks.binarypb"


class DamagedModel(UserError):
    """A model file is missing, or differs from the one that was published."""


class FaceBundle:
    """MediaPipe's Face Landmarker bundle, a zip of models."""

    def __init__(self) -> None:
        """Read the bundle. Raises DamagedModel."""
        self._zip = zipfile.ZipFile(io.BytesIO(_checked(FACE_LANDMARKER, FACE_LANDMARKER_SHA256)))

    def interpreter(self, member: str, threads: int = 1) -> Interpreter:
        """Return a model of the bundle (FACE_DETECTOR, FACE_LANDMARKS or FACE_BLENDSHAPES), ready to invoke."""
        return _interpreter(self._zip.read(member), threads)


def standard_face() -> bytes:
    """MediaPipe's standard face, a protocol buffers message; see face/standard_face.py. Raises DamagedModel."""
    with zipfile.ZipFile(io.BytesIO(_checked(FACE_LANDMARKER, FACE_LANDMARKER_SHA256))) as archive:
        return archive.read(STANDARD_FACE)


def selfie_segmentation(threads: int = 1) -> Interpreter:
    """Return the model that separates a person from the background, ready to invoke. Raises DamagedModel.

    It takes float32 (1, 256, 256, 3), RGB 0..1, and gives float32 (1, 256, 256, 1), 1 where there is a person.
    """
    return _interpreter(_checked(SELFIE_SEGMENTATION, SELFIE_SEGMENTATION_SHA256), threads)


def _checked(path: Path, sha256: str) -> bytes:
    """Return the bytes of the file. Raises DamagedModel, as a damaged model would run and give nonsense."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DamagedModel(text("Model.Unreadable", file=path, error=error.strerror)) from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise DamagedModel(text("Model.Damaged", file=path))
    return content


def _interpreter(content: bytes, threads: int) -> Interpreter:
    """Return the model in a .tflite file's bytes, ready to invoke."""
    interpreter = Interpreter(model_content=content, num_threads=threads)
    interpreter.allocate_tensors()
    return interpreter
