"""The hyper-parameters of a First Order Motion Model.

A checkpoint works only with the numbers that it was trained with. `VOX_256` are those of both published face checkpoints;
the authors' .yaml files hold those of the others, and `Config.from_dict` takes what a JSON or YAML parser makes of such a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from core.shared.errors import UserError


class ConfigError(UserError):
    """The hyper-parameters describe no network of this kind."""


@dataclass(frozen=True)
class KeypointDetectorConfig:
    """Hyper-parameters of the network that finds keypoints. The defaults are those of vox-256."""

    block_expansion: int = 32
    """Channels of the hourglass at full size; every halving doubles them."""
    max_features: int = 1024
    """Largest number of channels in the hourglass."""
    num_blocks: int = 5
    """How often the hourglass halves its picture, whose sides must be divisible by 2 to this power."""
    scale_factor: float = 0.25
    """Factor that the picture is reduced by before the hourglass, one over an integer."""
    temperature: float = 0.1
    """Temperature of the heat maps, which are softmax(logits / temperature); fixed by training, not to be tuned."""


@dataclass(frozen=True)
class DenseMotionConfig:
    """Hyper-parameters of the network that makes a flow of the keypoints. The defaults are those of vox-256."""

    block_expansion: int = 64
    """Channels of the hourglass at full size; every halving doubles them."""
    max_features: int = 1024
    """Largest number of channels in the hourglass."""
    num_blocks: int = 5
    """How often the hourglass halves its picture, whose sides must be divisible by 2 to this power."""
    scale_factor: float = 0.25
    """Factor that the picture is reduced by to find the flow, one over an integer."""
    kp_variance: float = 0.01
    """Variance of the Gaussian drawn around a keypoint, in squared half picture sides; fixed by training."""


@dataclass(frozen=True)
class GeneratorConfig:
    """Hyper-parameters of the network that draws the picture. The defaults are those of vox-256."""

    block_expansion: int = 64
    """Channels at full size; every halving doubles them."""
    max_features: int = 512
    """Largest number of channels."""
    num_down_blocks: int = 2
    """How often the picture is halved before it is warped."""
    num_bottleneck_blocks: int = 6
    """Number of residual blocks after the warp."""


@dataclass(frozen=True)
class Config:
    """The hyper-parameters of a model. `Config()` is vox-256, and vox-adv-256, which differs only in its training."""

    num_kp: int = 10
    """Number of keypoints; they are learned without supervision, so they are no landmarks that have names."""
    num_channels: int = 3
    """Channels of a picture: RGB."""
    keypoint_detector: KeypointDetectorConfig = field(default_factory=KeypointDetectorConfig)
    dense_motion: DenseMotionConfig = field(default_factory=DenseMotionConfig)
    generator: GeneratorConfig = field(default_factory=GeneratorConfig)

    @property
    def side_multiple(self) -> int:
        """Both sides of a picture must be a multiple of this many pixels, so that every halving comes out even."""
        hourglasses = (self.keypoint_detector, self.dense_motion)
        return max(2 ** self.generator.num_down_blocks,
                   *(round(2 ** each.num_blocks / each.scale_factor) for each in hourglasses))

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Config:
        """Return the config in the authors' layout, alone or under model_params as in their .yaml files.

        The layout is common_params, kp_detector_params, and generator_params with dense_motion_params in it. What is left out
        is as in vox-256. Raises ConfigError.
        """
        values = _mapping("model_params", values.get("model_params", values))
        common = dict(_mapping("common_params", values.get("common_params", {})))
        detector = dict(_mapping("kp_detector_params", values.get("kp_detector_params", {})))
        generator = dict(_mapping("generator_params", values.get("generator_params", {})))
        dense = dict(_mapping("dense_motion_params", generator.pop("dense_motion_params", {})))
        # Without jacobians or occlusion it would be another network, and no published checkpoint is of that kind.
        for place, switch in ((common, "estimate_jacobian"), (generator, "estimate_occlusion_map")):
            if not place.pop(switch, True):
                raise ConfigError(f"The config switches {switch} off: such a model is not supported.")
        config = cls(keypoint_detector=_filled(KeypointDetectorConfig, detector, "kp_detector_params"),
                     dense_motion=_filled(DenseMotionConfig, dense, "dense_motion_params"),
                     generator=_filled(GeneratorConfig, generator, "generator_params"),
                     **_checked({"num_kp": int, "num_channels": int}, common, "common_params"))
        for part in (config.keypoint_detector, config.dense_motion):
            if abs(1 / part.scale_factor - round(1 / part.scale_factor)) > 1e-6:
                raise ConfigError(f"The config's scale_factor is {part.scale_factor}: it must be 1 / n, n whole.")
        return config

    def to_dict(self) -> dict[str, Any]:
        """Return the config in the authors' layout, as `from_dict` takes it."""
        return {"common_params": {"num_kp": self.num_kp, "num_channels": self.num_channels},
                "kp_detector_params": asdict(self.keypoint_detector),
                "generator_params": {**asdict(self.generator), "dense_motion_params": asdict(self.dense_motion)}}


VOX_256 = Config()
"""The config of vox-256 and vox-adv-256, for faces in pictures of 256 x 256."""


def _mapping(name: str, values: Any) -> Mapping[str, Any]:
    """Return the values themselves. Raises ConfigError if they are no mapping."""
    if not isinstance(values, Mapping):
        raise ConfigError(f"The config's {name} is not a table of names and values.")
    return values


def _filled(kind: type, values: Mapping[str, Any], place: str) -> Any:
    """Return a dataclass `kind` of those values, checked. Raises ConfigError."""
    return kind(**_checked({each.name: type(each.default) for each in fields(kind)}, values, place))


def _checked(kinds: Mapping[str, type], values: Mapping[str, Any], place: str) -> dict[str, Any]:
    """Return the values as numbers of those kinds, all above 0.

    Raises ConfigError, also for a name that is not known: it might stand for another network.
    """
    checked = {}
    for name, value in values.items():
        if name not in kinds:
            raise ConfigError(f"The config's {place} has “{name}”, which is not known here.")
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not number or not value > 0 or kinds[name](value) != value:
            raise ConfigError(f"The config's {name} in {place} is {value!r}: it must be a "
                              f"{'whole ' if kinds[name] is int else ''}number above 0.")
        checked[name] = kinds[name](value)
    return checked
