"""A figure: MakeHuman's base mesh, morphed into somebody. Still in MakeHuman's space (decimetres, y up)."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from library import Library

EXPRESSION = "expression/units/caucasian/"


@dataclass
class Body:
    """What MakeHuman calls the macro details."""

    female: float
    """1 is a woman, 0 a man."""
    age: float
    race: dict[str, float]
    """Of "african", "asian", "caucasian": shares."""
    muscle: float = 0.5
    weight: float = 0.5
    ideal: float = 0.8
    """How much of MakeHuman's ideal proportions."""


@dataclass
class Shape:
    body: Body
    morphs: dict[str, float] = field(default_factory=dict)
    """Target to amount; "{s}" stands for l and r, "{side}" for left and right."""
    head_scale: tuple[float, float, float] = (1, 1, 1)
    """Width, height, depth of the head."""
    eye_growth: float = 1.0
    """How much larger the eyes and what surrounds them are than MakeHuman's."""


class Figure:
    def __init__(self, library: Library, shape: Shape):
        self.library = library
        self.base = library.base
        self.points = self.base.points.copy()
        self._add_body(shape.body)
        for name, amount in shape.morphs.items():
            self.morph(name, amount)
        self._grow_eyes(shape.eye_growth)
        self._lower_arms(40)
        self._scale_head(np.array(shape.head_scale))

    def joint(self, name: str) -> np.ndarray:
        return self.points[self.base.group(f"joint-{name}")].mean(axis=0)

    @property
    def eyes(self) -> tuple[np.ndarray, np.ndarray]:
        """The centres of the left and the right eyeball."""
        return self.joint("l-eye"), self.joint("r-eye")

    @property
    def eye_level(self) -> float:
        return np.mean([eye[1] for eye in self.eyes])

    @property
    def head_weight(self) -> np.ndarray:
        return self._bones("head", "jaw", "tongue", "eye", "orbicularis", "levator", "oculi", "oris", "risorius", "special")

    @property
    def neck_weight(self) -> np.ndarray:
        return self._bones("neck")

    @property
    def crown(self) -> float:
        return self.points[self.base.group("body"), 1].max()

    @property
    def chin(self) -> float:
        head = self.points[self.head_weight > 0.5]
        return head[(head[:, 2] > self.eyes[0][2] - 0.28) & (np.abs(head[:, 0]) < 0.15), 1].min()

    @property
    def middle(self) -> float:
        """Where the head's vertical axis is, on z."""
        return self.eyes[0][2] - 1.05

    def around(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Azimuth about the head in degrees (0 is the front, 90 the figure's left) and height: 0 the eyes, 1 the crown."""
        away = points - [0, self.eye_level, self.middle]
        return np.degrees(np.arctan2(away[:, 0], away[:, 2])), away[:, 1] / (self.crown - self.eye_level)

    def moved_by(self, *targets: str) -> np.ndarray:
        """How strongly each point is moved by the strongest of some targets, 0..1: a mask without a texture."""
        mask = np.zeros(len(self.points))
        for name in targets:
            for each in _both_sides(name):
                which, deltas = self.library.target(each)
                length = np.linalg.norm(deltas, axis=1)
                mask[which] = np.maximum(mask[which], length / length.max())
        return mask

    def morph(self, name: str, amount: float) -> None:
        for each in _both_sides(name):
            which, deltas = self.library.target(each)
            self.points[which] += amount * deltas

    def turn(self, weight: np.ndarray, pivot: np.ndarray, rotation: np.ndarray) -> None:
        turned = (self.points - pivot) @ rotation.T + pivot
        self.points += weight[:, None] * (turned - self.points)

    def _add_body(self, body: Body) -> None:
        ages = {"young": 1 - (body.age - 25) / 65, "old": (body.age - 25) / 65} if body.age > 25 else {
            "child": 1 - (body.age - 11.6) / 13.4, "young": (body.age - 11.6) / 13.4}
        total = sum(body.race.values())
        for age, age_share in ages.items():
            for sex, sex_share in ("female", body.female), ("male", 1 - body.female):
                share = age_share * sex_share
                if share < 1e-4:
                    continue
                for race, race_share in body.race.items():
                    self.morph(f"macrodetails/{race}-{sex}-{age}", share * race_share / total)
                for muscle, muscle_share in _low_middle_high("muscle", body.muscle):
                    for weight, weight_share in _low_middle_high("weight", body.weight):
                        kind = f"{sex}-{age}-{muscle}-{weight}"
                        self._add_build(kind, share * muscle_share * weight_share, body.ideal)

    def _add_build(self, kind: str, share: float, ideal: float) -> None:
        if share < 1e-4:
            return
        self.morph(f"macrodetails/universal-{kind}", share)
        proportions = f"macrodetails/proportions/{kind}-idealproportions"
        if self.library.has_target(proportions):
            self.morph(proportions, share * ideal)

    def _grow_eyes(self, growth: float) -> None:
        for eye in self.eyes:
            away = self.points - (eye + [0, 0, 0.05])
            near = np.exp(-(np.linalg.norm(away * [1, 1.1, 0.8], axis=1) / 0.38) ** 4)
            self.points += away * near[:, None] * (growth - 1)

    def _lower_arms(self, degrees: float) -> None:
        """The base mesh stands with its arms spread."""
        for side, sign in ("L", -1), ("R", 1):
            arm = self._bones("upperarm", "lowerarm", "wrist", "finger", "metacarpal", side=side)
            self.turn(arm, self.joint(f"{side.lower()}-shoulder"), about_z(sign * np.radians(degrees)))

    def _scale_head(self, scale: np.ndarray) -> None:
        weight = self.head_weight + self.neck_weight * 0.35
        self.points += weight[:, None] * (self.points - self.joint("neck")) * (scale - 1)

    def _bones(self, *starts: str, side: str = "") -> np.ndarray:
        weights = [weight for bone, weight in self.library.rig.items() if bone.startswith(starts) and bone.endswith(side)]
        return np.clip(np.sum(weights, axis=0), 0, 1)


def about_x(angle: float) -> np.ndarray:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[1, 0, 0], [0, c, -s], [0, s, c]])


def about_y(angle: float) -> np.ndarray:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])


def about_z(angle: float) -> np.ndarray:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])


def _both_sides(name: str) -> list[str]:
    if "{s}" in name:
        return [name.replace("{s}", side) for side in "lr"]
    if "{side}" in name:
        return [name.replace("{side}", side) for side in ("left", "right")]
    return [name]


def _low_middle_high(noun: str, amount: float) -> list[tuple[str, float]]:
    return [(f"min{noun}", max(0, 1 - 2 * amount)), (f"average{noun}", 1 - abs(2 * amount - 1)),
            (f"max{noun}", max(0, 2 * amount - 1))]
