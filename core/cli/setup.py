"""`setup`: says what is left to do in OBS once the environment is ready."""

from __future__ import annotations

import argparse
import sys

from ..shared import places
from . import obs_python


def run(arguments: argparse.Namespace) -> int:
    steps = [f"Tools > Scripts > +: choose {places.ROOT / 'obs_avatar.py'}",
             "Sources > + > Avatar: pick a picture and a camera",
             "Look straight ahead with a relaxed face and click Calibrate"]
    if sys.platform in obs_python.CHOSEN_BY_USER:
        steps.insert(0, obs_python.advice())
    print("\nOBS Avatar is set up. In OBS Studio:")
    for number, step in enumerate(steps, 1):
        print(f"  {number}. {step}")
    print("Or let one command do all of that:  python3 obs_avatar.py start")
    return 0
