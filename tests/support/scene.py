"""What stands in the tests' scene: one avatar that a video moves."""

from pathlib import Path

CLIP = Path(__file__).resolve().parent.parent / "data" / "short_drive" / "drive.mp4"
"""Five seconds, 256 x 256, rendered as the clip that ships was; its script lies beside it."""
AVATAR = "Avatar"
"""The name of the source."""

DRIVEN = {"avatar": "nora", "driver": "file", "driver_file": str(CLIP), "size": "256"}
"""Its settings: a size small enough for a test machine."""
SIZE = 256

LIVE_SECONDS = 40
"""Until the first moving picture: the worker imports its libraries, on a machine that also draws OBS."""
