"""Transferring a driver's motion to a source (section 3.4 of the paper).

The package exports the function as `transfer`, so the module cannot have that name.
"""

from __future__ import annotations

import cv2
import torch

from .keypoints import Keypoints, inverse


def transfer(source: Keypoints, driving: Keypoints, initial: Keypoints | None, relative: bool = True,
             adapt_scale: bool = True) -> Keypoints:
    """Return the keypoints to draw the source with.

    relative: the source keeps its own shape and place, and moves as the driver has since `initial`, the reference frame;
    otherwise it takes the shape and place of the driver, and `initial` may be None.
    adapt_scale: with `relative`, motion is scaled by the size of the source's face over that of the driver's.
    Raises ValueError for relative motion without `initial`.
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
    """(B,): the side of a square with the area of the keypoints' convex hull."""
    points = keypoints.value.detach().float().cpu().numpy()
    areas = [cv2.contourArea(cv2.convexHull(each)) for each in points]
    return torch.tensor(areas, dtype=torch.float32).sqrt().to(keypoints.value.device)
