"""The goals for the numbers. Tables and charts mark what misses its goal; nothing fails because of it."""

from __future__ import annotations

FPS = {"512": 60.0, "1024": 30.0}
OBSERVE_CPU_MS = 6.5
"""The processor time per frame, in milliseconds, for detection, landmarks and everything that belongs to them."""
FIRST_FRAME_SECONDS = 1.5
RESIDENT_MB = 350.0
"""The worker's memory in MB at size 512."""

AKD, AKD_INDEPENDENT = 1.0, 1.8
BLENDSHAPE_ERROR = 0.03
CORRELATION, BROW_CORRELATION = 0.85, 0.80
SLOPE = (0.8, 1.2)


def correlation(channel: str) -> float:
    return BROW_CORRELATION if channel.startswith("brow") else CORRELATION
