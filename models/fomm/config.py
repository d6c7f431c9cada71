"""The hyper-parameters of a First Order Motion Model.

A checkpoint can only be used with the numbers that it was trained with. `VOX_256` are those of both published face
checkpoints; the authors' .yaml files hold those of the others, and `Config.from_dict` takes what a JSON or YAML reader
makes of such a file.
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
    """The network that finds keypoints. The defaults are those of vox-256."""

    block_expansion: int = 32
    """Channels of the hourglass at full size; every halving doubles them."""
    max_features: int = 1024
    """No layer of the hourglass is wider than this."""
    num_blocks: int = 5
    """How often the hourglass halves its picture: its side must be divisible by 2 to this power."""
    scale_factor: float = 0.25
    """The picture is looked at reduced to this part of its size: one over a whole number."""
    temperature: float = 0.1
    """Heat maps are softmax(logits / temperature): lower is more pointed. As trained; nothing to tune."""


@dataclass(frozen=True)
class DenseMotionConfig:
    """The network that makes a flow of the keypoints. The defaults are those of vox-256."""

    block_expansion: int = 64
    """As in KeypointDetectorConfig."""
    max_features: int = 1024
    """As in KeypointDetectorConfig."""
    num_blocks: int = 5
    """As in KeypointDetectorConfig."""
    scale_factor: float = 0.25
    """The flow is found at this part of the picture's size: one over a whole number."""
    kp_variance: float = 0.01
    """Variance of the Gaussian drawn around a keypoint, in squared half picture sides. As trained."""


@dataclass(frozen=True)
class GeneratorConfig:
    """The network that draws the picture. The defaults are those of vox-256."""

    block_expansion: int = 64
    """Channels at full size; every halving doubles them."""
    max_features: int = 512
    """No layer is wider than this."""
    num_down_blocks: int = 2
    """How often the picture is halved before it is warped."""
    num_bottleneck_blocks: int = 6
    """Residual blocks after the warp."""


@dataclass(frozen=True)
class Config:
    """All of them. `Config()` is vox-256, and vox-adv-256, which differs in how it was trained only."""

    num_kp: int = 10
    """Keypoints, learned without being told where: they are not landmarks that have names."""
    num_channels: int = 3
    """RGB."""
    keypoint_detector: KeypointDetectorConfig = field(default_factory=KeypointDetectorConfig)
    dense_motion: DenseMotionConfig = field(default_factory=DenseMotionConfig)
    generator: GeneratorConfig = field(default_factory=GeneratorConfig)

    @property
    def side_multiple(self) -> int:
        """Pictures must be this many pixels wide and high, or a multiple of it: every halving has to come out even."""
        hourglasses = (self.keypoint_detector, self.dense_motion)
        return max(2 ** self.generator.num_down_blocks,
                   *(round(2 ** each.num_blocks / each.scale_factor) for each in hourglasses))

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Config:
        """From the authors' layout: common_params, kp_detector_params, generator_params with dense_motion_params in it,
        alone or under model_params as in their .yaml files. What is left out is as in vox-256. Raises ConfigError.
        """
        values = _mapping("model_params", values.get("model_params", values))
        common = dict(_mapping("common_params", values.get("common_params", {})))
        detector = dict(_mapping("kp_detector_params", values.get("kp_detector_params", {})))
        generator = dict(_mapping("generator_params", values.get("generator_params", {})))
        dense = dict(_mapping("dense_motion_params", generator.pop("dense_motion_params", {})))
        # Without jacobians or occlusion it would be another network; none of the published checkpoints is.
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
        """The same layout, for `from_dict`."""
        return {"common_params": {"num_kp": self.num_kp, "num_channels": self.num_channels},
                "kp_detector_params": asdict(self.keypoint_detector),
                "generator_params": {**asdict(self.generator), "dense_motion_params": asdict(self.dense_motion)}}


VOX_256 = Config()
"""vox-256 and vox-adv-256: faces, pictures of 256 x 256."""


def _mapping(name: str, values: Any) -> Mapping[str, Any]:
    if not isinstance(values, Mapping):
        raise ConfigError(f"The config's {name} is not a table of names and values.")
    return values


def _filled(kind: type, values: Mapping[str, Any], place: str) -> Any:
    return kind(**_checked({each.name: type(each.default) for each in fields(kind)}, values, place))


def _checked(kinds: Mapping[str, type], values: Mapping[str, Any], place: str) -> dict[str, Any]:
    """`values` as numbers of those kinds, all above 0. A name that is not known might change the network: refused."""
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
