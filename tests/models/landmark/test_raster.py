"""The rasteriser, the layers and the triangulation, against plain arithmetic."""

from __future__ import annotations

import numpy as np
import pytest

from models.landmark.draw import mesh, raster

from ..see.faces import JAW, RELATIVE, REST


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


def test_the_first_frame_compiles_nothing(painter, clip, nora):
    """raster.warm_up has compiled all that a frame needs, or loaded it, before anyone waits for one."""
    functions = raster.rasterise, raster.compose, raster.soften
    before = [len(function.signatures) for function in functions]
    painter.animate(nora, clip[JAW], clip[REST], RELATIVE)
    assert [len(function.signatures) for function in functions] == before == [1, 1, 1]
