"""The model gives the numbers that its authors' code gives."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from models.fomm import EncodedSource, FirstOrderMotionModel, Keypoints, made_up, transfer
from models.fomm.networks import build
from models.fomm.plain import PlainModel

from .conftest import DATA

TRANSFERS = {"abs": {"relative": False}, "rel": {"adapt_scale": False}, "rel_scaled": {}}
KEYPOINTS, PICTURE = 1e-4, 1e-3
MASK = 5e-4  # it was kept in half precision

models = pytest.mark.parametrize("kind", [FirstOrderMotionModel, PlainModel])


def close(found: torch.Tensor, wanted: np.ndarray, tolerance: float) -> None:
    np.testing.assert_allclose(found[0].numpy(), wanted.astype(np.float32), rtol=0, atol=tolerance)


@models
def test_keypoints_and_jacobians_are_the_authors(kind: type, checkpoint_file: Path, expected: dict,
                                                 pictures: dict) -> None:
    model = kind.from_checkpoint(checkpoint_file, align_corners=bool(expected["aligned"]))
    for name, picture in pictures.items():
        found = model.detect(picture)
        close(found.value, expected[f"kp_{name}_value"], KEYPOINTS)
        close(found.jacobian, expected[f"kp_{name}_jacobian"], KEYPOINTS)


@models
@pytest.mark.parametrize("name", TRANSFERS)
def test_pictures_are_the_authors_for_every_kind_of_transfer(kind: type, name: str, checkpoint_file: Path,
                                                             expected: dict, pictures: dict) -> None:
    model = kind.from_checkpoint(checkpoint_file, align_corners=bool(expected["aligned"]))
    source = model.encode(pictures["source"])
    moved = transfer(source.keypoints, model.detect(pictures["driving"]), model.detect(pictures["initial"]),
                     **TRANSFERS[name])
    close(moved.value, expected[f"kp_{name}_value"], KEYPOINTS)
    close(moved.jacobian, expected[f"kp_{name}_jacobian"], KEYPOINTS)
    close(model.animate(source, moved), expected[f"{name}_prediction"], PICTURE)


def test_occlusion_and_mask_are_the_authors(checkpoint_file: Path, expected: dict, pictures: dict) -> None:
    model = FirstOrderMotionModel.from_checkpoint(checkpoint_file, align_corners=bool(expected["aligned"]))
    source, driving = model.encode(pictures["source"]), model.detect(pictures["driving"])
    motion = model.networks.generator.dense_motion_network(source.small, source.keypoints, driving)
    close(motion.occlusion, expected["occlusion"], PICTURE)
    close(motion.mask, expected["mask"], MASK)


def test_a_published_checkpoint_has_just_the_keys_and_shapes_of_the_networks() -> None:
    wanted = json.loads((DATA / "vox-adv-256.keys.json").read_text("utf-8"))
    networks = build(made_up.VOX_256)
    for part, shapes in wanted.items():
        own = getattr(networks, part).state_dict()
        assert {key: list(tensor.shape) for key, tensor in own.items()} == shapes
        blank = {key: torch.empty(shape, device="meta") for key, shape in shapes.items()}
        getattr(networks, part).load_state_dict(blank, strict=True, assign=True)


def test_the_source_is_drawn_as_it_is_where_nothing_moves(checkpoint_file: Path, pictures: dict) -> None:
    """Relative motion from the reference frame itself leaves the source's keypoints alone."""
    model = FirstOrderMotionModel.from_checkpoint(checkpoint_file)
    source, initial = model.encode(pictures["source"]), model.detect(pictures["initial"])
    still = transfer(source.keypoints, initial, initial)
    torch.testing.assert_close(still.value, source.keypoints.value)
    torch.testing.assert_close(still.jacobian, source.keypoints.jacobian, rtol=0, atol=1e-5)


def test_a_source_is_drawn_in_several_poses_at_once(checkpoint_file: Path, pictures: dict) -> None:
    model = FirstOrderMotionModel.from_checkpoint(checkpoint_file)
    source = model.encode(pictures["source"])
    poses = [model.detect(pictures[name]) for name in ("initial", "driving")]
    together = model.animate(source, Keypoints(*map(torch.cat, zip(*poses))))
    apart = torch.cat([model.animate(source, pose) for pose in poses])
    torch.testing.assert_close(together, apart, rtol=0, atol=1e-5)
    assert isinstance(source, EncodedSource) and together.shape == (2, 3, 64, 64)
