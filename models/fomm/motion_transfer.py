"""Carrying a driver's motion over to a source (section 3.4 of the paper).

The function is called `transfer`, and the package offers it under that name, so this file has another one.
"""

from __future__ import annotations

import cv2
import torch

from .keypoints import Keypoints, inverse


def transfer(source: Keypoints, driving: Keypoints, initial: Keypoints | None, relative: bool = True,
             adapt_scale: bool = True) -> Keypoints:
    """The keypoints that the source shall be drawn with.

    relative: the source moves as the driver has moved since `initial`, the driver's reference frame, and keeps its own
    shape and place; otherwise it takes the driver's, as they are, and `initial` may be None.
    adapt_scale: with `relative`, a driver whose face is larger in the frame than the source's moves it less.
    """
    if not relative:
        return driving
    if initial is None:
        raise ValueError("relative motion needs the keypoints of a reference frame")
    movement = driving.value - initial.value
    if adapt_scale:
        movement = movement * (_extent(source) / _extent(initial))[:, None, None]
    return Keypoints(source.value + movement, driving.jacobian @ inverse(initial.jacobian) @ source.jacobian)


def _extent(keypoints: Keypoints) -> torch.Tensor:
    """(B,): the side of a square as large as the convex hull of the keypoints."""
    points = keypoints.value.detach().float().cpu().numpy()
    areas = [cv2.contourArea(cv2.convexHull(each)) for each in points]
    return torch.tensor(areas, dtype=torch.float32).sqrt().to(keypoints.value.device)
