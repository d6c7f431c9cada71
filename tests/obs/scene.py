"""What stands in the tests' scene: one avatar that a video moves."""

from pathlib import Path

CLIP = Path(__file__).resolve().parent.parent.parent / "avatars" / "driving" / "drive.mp4"
AVATAR = "Avatar"
"""The name of the source."""

DRIVEN = {"avatar": "nora", "driver": "file", "driver_file": str(CLIP), "size": "256"}
"""Its settings: a size small enough for a test machine."""
SIZE = 256

LIVE_SECONDS = 40
"""Until the first moving picture: the worker imports its libraries, on a machine that also draws OBS."""
