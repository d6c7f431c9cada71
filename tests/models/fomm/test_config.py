"""Hyper-parameters: the authors' files are understood, and what they do not say is not guessed wrongly."""

from __future__ import annotations

import json

import pytest

from models.fomm.config import VOX_256, Config, ConfigError

from .conftest import DATA


def test_the_authors_layout_is_read_with_or_without_what_else_their_files_hold() -> None:
    inner = json.loads((DATA / "small-64.config.json").read_text("utf-8"))
    config = Config.from_dict(inner)
    assert config.dense_motion.block_expansion == 8 and config.keypoint_detector.temperature == 0.1
    assert Config.from_dict({"dataset_params": {"root_dir": "data"}, "model_params": inner}) == config


def test_nothing_said_means_vox_256() -> None:
    assert Config.from_dict({}) == VOX_256
    assert VOX_256.side_multiple == 128


def test_a_config_survives_being_written() -> None:
    assert Config.from_dict(json.loads(json.dumps(VOX_256.to_dict()))) == VOX_256


@pytest.mark.parametrize(("values", "message"), [
    ({"common_params": {"num_kp": 0}}, "num_kp in common_params is 0: it must be a whole number above 0"),
    ({"common_params": {"num_kp": 2.5}}, "whole number"),
    ({"common_params": {"num_kp": True}}, "whole number"),
    ({"common_params": {"estimate_jacobian": False}}, "estimate_jacobian off"),
    ({"generator_params": {"estimate_occlusion_map": False}}, "estimate_occlusion_map off"),
    ({"kp_detector_params": {"pad": 3}}, "“pad”, which is not known"),
    ({"kp_detector_params": {"scale_factor": 0.3}}, "scale_factor is 0.3"),
    ({"kp_detector_params": {"temperature": "hot"}}, "temperature in kp_detector_params is 'hot'"),
    ({"generator_params": [1]}, "generator_params is not a table"),
    ({"model_params": None}, "model_params is not a table"),
])
def test_what_makes_no_sense_is_named(values: dict, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        Config.from_dict(values)
