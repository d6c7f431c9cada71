"""What a user sees when the built-in engine moves a picture: seen by the engine's own tracker, and pixel by pixel.

Avatars and the driving clip are the project's own, rendered ones. drive.mp4 turns, speaks and blinks by a script; it
looks straight ahead throughout, so gaze is moved in its observations.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import cv2
import numpy as np
import pytest

from models.engine import FaceNotFound, MotionOptions
from models.landmark import eyes, mesh, mouth, raster
from models.landmark.engine import LandmarkEngine, build
from models.landmark.layers import Layers
from models.landmark.measures import eye_openness, gaze, mouth_openness
from models.landmark.topology import EYES, FACE_OVAL, LOWER_MARGINS
from models.landmark.tracker import Tracker

ROOT = Path(__file__).parents[3]
RELATIVE, ABSOLUTE = MotionOptions(relative=True), MotionOptions(relative=False)
AVATARS = ("nora", "marcus", "clay", "android")
REST, BLINK, JAW, BROWS, TURN_ONE_WAY, TURN_OTHER_WAY, NOD = 0, 12, 25, 58, 73, 85, 97
"""Frames of drive.mp4 in which its script does this most."""


def picture(name, size=256):
    return cv2.resize(cv2.imread(str(ROOT / "avatars" / f"{name}.png")), (size, size), interpolation=cv2.INTER_AREA)


@pytest.fixture(scope="module")
def engine():
    return LandmarkEngine()


@pytest.fixture(scope="module")
def frames():
    video = cv2.VideoCapture(str(ROOT / "tests" / "data" / "drive.mp4"))
    found = []
    while True:
        more, frame = video.read()
        if not more:
            return found
        found.append(frame)


@pytest.fixture(scope="module")
def clip(frames):
    tracker = Tracker()
    return [tracker.observe(frame) for frame in frames]


@pytest.fixture(scope="module")
def avatars(engine):
    return {name: engine.prepare(picture(name)) for name in AVATARS}


@pytest.fixture(params=AVATARS)
def avatar(request, avatars):
    return avatars[request.param]


@pytest.fixture
def nora(avatars):
    return avatars["nora"]


@pytest.fixture(scope="module")
def large(engine):
    return engine.prepare(picture("nora", 512))


@pytest.fixture
def shown(engine, clip):
    """The avatar as a frame of the clip moves it, BGR."""
    return lambda avatar, frame: engine.animate(avatar, clip[frame], clip[REST], RELATIVE)[..., :3].copy()


def seen(image):
    observation = Tracker().observe(np.ascontiguousarray(image))
    assert observation is not None, "the picture shows no face any more"
    return observation


def nose_direction(observation):
    """Where the nose points: x right, y down."""
    return (observation.pose @ [0.0, 0.0, -1.0])[:2]


def openness(observation):
    return np.mean([eye_openness(observation.keypoints, eye) for eye in EYES])


def difference(one, other):
    return np.abs(one[..., :3].astype(int) - other[..., :3].astype(int))


# At rest


def test_without_a_driver_the_picture_is_shown_untouched(engine, avatar):
    out = engine.animate(avatar, None, None, RELATIVE)
    assert np.array_equal(out, avatar.still)
    assert (out[..., 3] == 255).all()


def test_a_driver_at_rest_leaves_the_picture_as_it_is(engine, clip, avatar):
    out = engine.animate(avatar, clip[REST], clip[REST], RELATIVE)
    assert difference(out, avatar.still).max() <= 2
    assert (out[..., 3] == 255).all()


def test_nothing_moves_before_there_is_a_reference(engine, clip, nora):
    assert np.array_equal(engine.animate(nora, clip[JAW], None, RELATIVE), nora.still)


def test_the_returned_array_is_reused(engine, clip, nora):
    assert engine.animate(nora, clip[0], clip[REST], RELATIVE) is engine.animate(nora, clip[9], clip[REST], RELATIVE)


# Following the driver


def test_the_mouth_opens_with_the_driver(shown, avatar):
    rest, wide = seen(shown(avatar, REST)), seen(shown(avatar, JAW))
    assert mouth_openness(rest.keypoints) < 0.1
    assert mouth_openness(wide.keypoints) > 0.3


def test_the_mouth_is_dark_inside(shown, nora):
    wide = shown(nora, JAW)
    lips = seen(wide).keypoints[[13, 14], :2].mean(axis=0).round().astype(int)
    assert wide[lips[1], lips[0]].max() < 60


def test_the_eyes_shut_with_the_driver(shown, avatar):
    assert openness(seen(shown(avatar, BLINK))) < 0.5 * openness(seen(shown(avatar, REST)))


def test_the_head_turns_and_nods_with_the_driver(shown, clip, avatar):
    rest = nose_direction(seen(shown(avatar, REST)))
    for frame, axis in ((TURN_ONE_WAY, 0), (TURN_OTHER_WAY, 0), (NOD, 1)):
        driver = nose_direction(clip[frame])[axis] - nose_direction(clip[REST])[axis]
        moved = nose_direction(seen(shown(avatar, frame)))[axis] - rest[axis]
        assert 0.4 < moved / driver < 1.5


def test_the_brows_rise_with_the_driver(shown, nora):
    def height(observation):
        points = observation.keypoints
        return (points[[159, 386], 1].mean() - points[[105, 334], 1].mean()) / np.linalg.norm(points[10] - points[152])

    assert height(seen(shown(nora, BROWS))) > 1.1 * height(seen(shown(nora, REST)))


@pytest.mark.parametrize("sideways", (-0.12, 0.12))
def test_the_eyes_look_where_the_driver_looks(engine, clip, avatar, sideways):
    looking = clip[REST].keypoints.copy()
    for eye in EYES:
        width = np.linalg.norm(looking[eye.upper[0]] - looking[eye.upper[-1]])
        looking[eye.iris:eye.iris + 5, 0] += sideways * width
    out = engine.animate(avatar, dataclasses.replace(clip[REST], keypoints=looking), clip[REST], RELATIVE)
    moved = gaze(seen(out[..., :3]).keypoints) - gaze(seen(avatar.still[..., :3]).keypoints)
    assert moved[:, 0].mean() / sideways > 0.3


def test_the_shoulders_stay_while_the_head_turns(shown, nora):
    turned, rest = shown(nora, TURN_ONE_WAY), shown(nora, REST)
    assert difference(turned[-16:], rest[-16:]).mean() < 0.4 * difference(turned[60:160], rest[60:160]).mean()


def test_a_new_reference_is_noticed(engine, clip, nora):
    first = engine.animate(nora, clip[JAW], clip[REST], RELATIVE).copy()
    rest = engine.animate(nora, clip[JAW], clip[JAW], RELATIVE).copy()
    assert difference(rest, nora.still).max() <= 2 < difference(first, nora.still).max()


# Absolute motion


def test_absolute_motion_of_the_picture_itself_is_the_picture(engine, clip, frames):
    avatar = build(frames[REST], clip[REST])
    assert difference(engine.animate(avatar, clip[REST], None, ABSOLUTE), avatar.still).max() <= 2


def test_absolute_motion_lies_over_the_clip(engine, clip, frames):
    avatar = build(frames[REST], clip[REST])
    for frame in (JAW, BROWS, TURN_ONE_WAY, NOD):
        out = engine.animate(avatar, clip[frame], None, ABSOLUTE)[..., :3]
        apart = np.linalg.norm(seen(out).keypoints[:, :2] - clip[frame].keypoints[:, :2], axis=1)
        assert apart.mean() < 2.0  # pixels of 256
    features = np.zeros(frames[NOD].shape[:2], np.uint8)
    cv2.fillConvexPoly(features, cv2.convexHull(clip[NOD].keypoints[:, :2].astype(np.int32)), 1)
    face = cv2.erode(features, np.ones((15, 15), np.uint8)) > 0
    out = engine.animate(avatar, clip[NOD], None, ABSOLUTE)
    assert difference(out, frames[NOD])[face].mean() < 0.5 * difference(avatar.still, frames[NOD])[face].mean()


def test_absolute_motion_covers_a_canvas_of_another_shape(engine, clip, nora):
    wide = dataclasses.replace(clip[REST], keypoints=clip[REST].keypoints + np.float32([64, 0, 0]),
                               frame_size=(384, 256), driver_picture=None)
    square = dataclasses.replace(clip[REST], driver_picture=None)
    out = engine.animate(nora, square, None, ABSOLUTE).copy()
    assert difference(out, engine.animate(nora, wide, None, ABSOLUTE)).max() <= 2


# Tears


def test_the_mesh_has_no_holes_however_the_face_moves(engine, clip, nora):
    height, width = nora.still.shape[:2]
    pad = nora.layers.pad
    whole = Layers(nora.layers.background, np.full((height + 2 * pad, width + 2 * pad, 4), 255, np.uint8), pad)
    net = mesh.build(nora.face, whole)
    depth, backward = np.empty((height, width), np.float32), np.zeros((height, width, 2), np.float32)
    for frame in range(0, len(clip), 4):
        placement = engine._placement(nora, clip[frame], clip[REST], RELATIVE)
        source = net.textured(eyes.closing(nora.eyes, placement))
        raster.rasterise(net.place(nora.face, placement), source, net.triangles, backward, depth)
        assert (depth < raster.FAR).all(), f"holes in frame {frame}"


def test_the_face_hides_what_is_behind_it(engine, clip, avatar):
    """Within the oval of a turned face every pixel is taken from within the oval of the picture, or very near to it."""
    placement = engine._placement(avatar, clip[TURN_ONE_WAY], clip[REST], RELATIVE)
    height, width = avatar.still.shape[:2]
    depth, backward = np.empty((height, width), np.float32), np.zeros((height, width, 2), np.float32)
    raster.rasterise(avatar.mesh.place(avatar.face, placement), avatar.mesh.source, avatar.mesh.triangles, backward,
                     depth)
    inside = np.zeros((height, width), np.uint8)
    cv2.fillPoly(inside, [placement.points[FACE_OVAL, :2].round().astype(np.int32)], 1)
    inside = cv2.erode(inside, np.ones((5, 5), np.uint8)) > 0
    oval = avatar.face.points[FACE_OVAL, :2].astype(np.float32)
    places = backward[inside] - avatar.layers.pad
    assert min(cv2.pointPolygonTest(oval, (float(x), float(y)), True) for x, y in places[::7]) > -2.0


# Odd pictures, odd observations


@pytest.mark.parametrize("shape", ((256, 400), (400, 256), (301, 257)))
def test_pictures_of_any_shape_move(engine, clip, shape):
    height, width = shape
    face = picture("nora")
    wall = cv2.copyMakeBorder(face, 0, height - 256, (width - 256) // 2, (width - 256 + 1) // 2, cv2.BORDER_REPLICATE)
    avatar = engine.prepare(wall)
    out = engine.animate(avatar, clip[JAW], clip[REST], RELATIVE)
    assert out.shape == (height, width, 4)
    assert mouth_openness(seen(out[..., :3]).keypoints) > 0.3
    assert difference(engine.animate(avatar, clip[REST], clip[REST], RELATIVE), wall).max() <= 2


def test_a_small_and_a_large_picture_follow_each_other(engine, clip, nora, large):
    for avatar, size in ((large, 512), (nora, 256), (large, 512)):
        assert engine.animate(avatar, clip[JAW], clip[REST], RELATIVE).shape == (size, size, 4)


@pytest.mark.parametrize("content", (np.full((256, 256, 3), 90, np.uint8), np.zeros((64, 96, 3), np.uint8)))
def test_a_picture_without_a_face_is_refused_with_a_sentence(engine, content):
    with pytest.raises(FaceNotFound, match=r"^[A-Z].*\.$"):
        engine.prepare(content)


def strange(points):
    noise = np.random.default_rng(0).normal(0, 40, points.shape)
    return {
        "not a number": np.full_like(points, np.nan),
        "one of them infinite": np.where(np.arange(len(points))[:, None] == 5, np.inf, points),
        "all in one place": np.broadcast_to(points[4], points.shape),
        "all at the origin": points * 0,
        "on a line": points * [1, 0, 1],
        "far outside": points + [3000, -5000, 0],
        "huge": points * 30,
        "beyond all pictures": points * 1e7,
        "tiny": points * 1e-5,
        "scattered": points + noise,
        "mirrored": points * [-1, 1, 1],
        "upside down": points * [1, -1, 1],
        "too few": points[:10],
    }


STRANGE = tuple(strange(np.ones((478, 3))))


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("options", (RELATIVE, ABSOLUTE), ids=("relative", "absolute"))
@pytest.mark.parametrize("name", STRANGE)
def test_a_strange_observation_still_gives_a_picture(engine, clip, nora, name, options):
    odd = dataclasses.replace(clip[JAW], keypoints=strange(clip[JAW].keypoints)[name].astype(np.float32))
    for driving, reference in ((odd, clip[REST]), (clip[JAW], odd), (odd, odd)):
        out = engine.animate(nora, driving, reference, options)
        assert out.shape == nora.still.shape and (out[..., 3] == 255).all()
    assert difference(engine.animate(nora, clip[REST], clip[REST], RELATIVE), nora.still).max() <= 2


# The inside of the mouth


def test_the_driver_s_own_mouth_is_shown(engine, clip, nora):
    red = clip[JAW].driver_picture.copy()
    left, top, right, bottom = clip[JAW].keypoints[[78, 13, 308, 14], [0, 1, 0, 1]].astype(int)
    red[top - 2:bottom + 3, left - 2:right + 3] = (40, 40, 220)
    out = engine.animate(nora, dataclasses.replace(clip[JAW], driver_picture=red), clip[REST], RELATIVE)
    x, y = seen(out[..., :3]).keypoints[[13, 14], :2].mean(axis=0).round().astype(int)
    blue, green, redness = out[y, x, :3].astype(int)
    assert redness > blue + 40 and redness > green + 40


def test_without_a_usable_driving_picture_a_mouth_is_painted(engine, clip, nora):
    unseen = dataclasses.replace(clip[JAW], driver_picture=None)
    small = dataclasses.replace(clip[JAW], keypoints=clip[JAW].keypoints / 4)
    outside = dataclasses.replace(clip[JAW], keypoints=clip[JAW].keypoints + np.float32([150, 0, 0]))
    assert mouth.usable(clip[JAW]) and not any(mouth.usable(one) for one in (unseen, small, outside))
    painted = engine.animate(nora, unseen, clip[REST], RELATIVE)[..., :3].copy()
    assert mouth_openness(seen(painted).keypoints) > 0.3
    assert difference(painted, engine.animate(nora, clip[JAW], clip[REST], RELATIVE)).max() > 20


# The rasteriser and the triangulation


def oracle(points, source, triangles, height, width):
    """Map and depth of every pixel by plain barycentric coordinates, and where no edge is near."""
    y, x = np.mgrid[0:height, 0:width].astype(float)
    depth, place, safe = np.full((height, width), np.inf), np.zeros((height, width, 2)), np.ones((height, width), bool)
    for a, b, c in triangles:
        corners = np.array([points[a, :2], points[b, :2], points[c, :2]], float)
        matrix = np.vstack([corners.T, np.ones(3)])
        shares = np.einsum("ij,jyx->iyx", np.linalg.inv(matrix), np.stack([x, y, np.ones_like(x)]))
        least = shares.min(axis=0)
        safe &= np.abs(least) > 5e-3
        z = np.einsum("i,iyx->yx", points[[a, b, c], 2].astype(float), shares)
        nearer = (least > 0) & (z < depth)
        depth[nearer] = z[nearer]
        place[nearer] = np.einsum("ij,iyx->yxj", source[[a, b, c]].astype(float), shares)[nearer]
    return depth, place, safe


@pytest.mark.parametrize("seed", range(4))
def test_the_rasteriser_agrees_with_plain_arithmetic(seed):
    random = np.random.default_rng(seed)
    height, width = 40, 56
    points = random.uniform(-20, 70, (24, 3)).astype(np.float32)
    source = random.uniform(0, 500, (24, 2)).astype(np.float32)
    triangles = random.permutation(24).reshape(8, 3).astype(np.int32)
    backward, depth = np.zeros((height, width, 2), np.float32), np.empty((height, width), np.float32)
    raster.rasterise(points, source, triangles, backward, depth)
    expected_depth, expected, safe = oracle(points, source, triangles, height, width)
    covered = np.isfinite(expected_depth) & safe
    assert covered.sum() > 100
    assert np.array_equal(depth[safe] < raster.FAR, np.isfinite(expected_depth)[safe])
    assert np.allclose(depth[covered], expected_depth[covered], atol=1e-2)
    assert np.allclose(backward[covered], expected[covered], atol=2e-2)


def test_layers_are_composed_like_premultiplied_colours():
    random = np.random.default_rng(0)
    alpha = random.integers(0, 256, (32, 48, 1))
    above = np.concatenate([np.floor(random.random((32, 48, 3)) * alpha), alpha], axis=2).astype(np.uint8)
    below = random.integers(0, 256, (32, 48, 4)).astype(np.uint8)
    below[..., 3] = 255
    out, depth = np.empty_like(below), np.where(random.random((32, 48)) < 0.2, raster.FAR, 1).astype(np.float32)
    as_pixels = [layer.view(np.uint32)[..., 0] for layer in (above, below, out)]
    raster.compose(as_pixels[0], depth, as_pixels[1], as_pixels[2])
    expected = np.where(depth[..., None] < raster.FAR, above + below * (255 - alpha) / 255, below)
    assert np.abs(out - expected).max() <= 0.51


def test_triangles_are_those_of_delaunay():
    points = np.random.default_rng(1).uniform(0, 100, (60, 2)).astype(np.float32)
    triangles = mesh.delaunay(points)
    assert set(triangles.ravel()) == set(range(60))
    for triangle in triangles:
        a, b, c = points[triangle].astype(float)
        centre = np.linalg.solve(2 * np.array([b - a, c - a]), [b @ b - a @ a, c @ c - a @ a])
        assert np.linalg.norm(points - centre, axis=1).min() > np.linalg.norm(a - centre) - 1e-2


def test_the_first_frame_compiles_nothing(engine, clip, nora):
    """raster.warm_up has compiled all that a frame needs, or loaded it, before anyone waits for one."""
    functions = raster.rasterise, raster.compose, raster.soften
    before = [len(function.signatures) for function in functions]
    engine.animate(nora, clip[JAW], clip[REST], RELATIVE)
    assert [len(function.signatures) for function in functions] == before == [1, 1, 1]


# Eyes


def test_a_shut_eye_shows_no_white(shown, avatar):
    """Where the eyeball was, a shut eye is as dark or as coloured as the skin around it; marble and china apart."""
    shut, open_ = shown(avatar, BLINK), avatar.still
    points = seen(shut).keypoints
    for eye in EYES:
        middle = points[np.concatenate(eye.margins), :2].mean(axis=0)
        width = np.linalg.norm(points[eye.upper[0], :2] - points[eye.upper[-1], :2])
        x, y, reach = int(middle[0]), int(middle[1]), max(2, int(0.3 * width))
        eyeball = open_[y - 2:y + 3, x - reach:x + reach, :3].max(axis=2)
        lids = shut[y - 2:y + 3, x - reach:x + reach].max(axis=2)
        assert lids.max() < eyeball.max()


def test_the_iris_is_whole_where_lids_cover_it(large):
    for part in large.eyes:
        rows, columns = np.nonzero(part.iris_mask > 0.95)
        middle = np.array([rows.mean(), columns.mean()]).round().astype(int)
        reach = round((rows.max() - rows.min()) * 0.36)
        steps = ((reach, 0), (-reach, 0), (0, reach), (0, -reach))
        around = [part.iris[middle[0] + down, middle[1] + right] for down, right in steps]
        assert all(green > red > blue for blue, green, red in around)  # green all around, no skin, no lashes


def test_lids_are_painted_over_and_back(engine, clip, nora):
    engine.animate(nora, clip[REST], clip[REST], RELATIVE)
    before = nora.layers.foreground.copy()
    engine.animate(nora, clip[BLINK], clip[REST], RELATIVE)
    assert not np.array_equal(nora.layers.foreground, before)
    engine.animate(nora, clip[REST], clip[REST], RELATIVE)
    assert np.array_equal(nora.layers.foreground, before)


def test_shut_lids_are_not_taken_from_the_eyeball(engine, clip, nora):
    shut = engine._placement(nora, clip[BLINK], clip[REST], RELATIVE)
    copies = slice(478, 478 + len(LOWER_MARGINS))
    closing = eyes.closing(nora.eyes, shut)
    taken = nora.mesh.textured(closing)[copies]
    assert (closing > 0.9).all()
    assert (taken[:, 1] < nora.mesh.source[copies, 1]).all()
    assert np.array_equal(nora.mesh.textured(np.zeros(2)), nora.mesh.source)
