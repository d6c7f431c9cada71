"""Whatever file a user hands in: it loads, or a sentence says what is wrong with it, and nothing of it ever runs."""

from __future__ import annotations

import io
import os
import pickle
from collections import OrderedDict
from pathlib import Path
from typing import Any, Callable

import pytest
import torch
from safetensors.torch import load_file

from models.fomm import FirstOrderMotionModel, checkpoint
from models.fomm.checkpoint import CheckpointError, NotACheckpoint, UnsafeCheckpoint, WrongContents
from models.fomm.config import VOX_256, Config
from models.fomm.networks import build

State = dict[str, dict[str, torch.Tensor]]


class Runs:
    """Its pickle calls os.system when it is loaded without restrictions."""

    def __init__(self, command: str) -> None:
        self.command = command

    def __reduce__(self) -> tuple:
        return os.system, (self.command,)


def changed(state: State, part: str, **keys: Any) -> State:
    """The state with values of one part replaced (__ in a key stands for a dot), or left out for None."""
    names = {key.replace("__", "."): value for key, value in keys.items()}
    return {**state, part: {key: value for key, value in {**state[part], **names}.items() if value is not None}}


def saved(contents: Any, path: Path, **how: Any) -> Path:
    torch.save(contents, path, **how)
    return path


def assert_same(found: State, wanted: State) -> None:
    for part in checkpoint.PARTS:
        assert found[part].keys() == wanted[part].keys()
        assert all(torch.equal(found[part][key], wanted[part][key]) for key in wanted[part])


def test_a_published_checkpoint_loads_without_what_training_needs(checkpoint_file: Path, state: State,
                                                                 config: Config) -> None:
    loaded = checkpoint.load(checkpoint_file)
    assert_same(loaded.state, state)
    assert loaded.config == config, "told by the shapes"


def test_a_checkpoint_in_the_format_of_2019_loads(state: State, tmp_path: Path) -> None:
    path = saved(state, tmp_path / "old.pth.tar", _use_new_zipfile_serialization=False)
    assert_same(checkpoint.load(path).state, state)


def test_a_checkpoint_from_several_gpus_loads(state: State, tmp_path: Path) -> None:
    wrapped = {part: OrderedDict((f"module.{key}", value) for key, value in each.items())
               for part, each in state.items()}
    assert_same(checkpoint.load(saved(wrapped, tmp_path / "c.pth")).state, state)


def test_a_checkpoint_without_blur_kernels_loads(state: State, tmp_path: Path) -> None:
    bare = {part: {key: value for key, value in each.items() if not key.endswith("down.weight")}
            for part, each in state.items()}
    assert_same(checkpoint.load(saved(bare, tmp_path / "c.pth")).state, {
        part: {**bare[part], **{key: each[key] for key in each if key.endswith("down.weight")}}
        for part, each in state.items()})


def test_converted_files_load_as_the_checkpoint_does(checkpoint_file: Path, state: State, config: Config,
                                                     tmp_path: Path, pictures: dict) -> None:
    single, half = checkpoint.convert(checkpoint_file, tmp_path / "new", "small")
    assert_same(checkpoint.load(single).state, state)
    assert checkpoint.load(half).config == config
    assert sorted(each.name for each in single.parent.iterdir()) == ["small-fp16.safetensors", "small-fp32.safetensors"]
    weights = load_file(half)
    assert weights["generator.final.weight"].dtype == torch.float16
    assert weights["generator.first.norm.running_var"].dtype == torch.float32
    found, wanted = (FirstOrderMotionModel.from_checkpoint(path) for path in (half, single))
    driving = wanted.detect(pictures["driving"])
    drawn = [model.animate(model.encode(pictures["source"]), driving) for model in (found, wanted)]
    torch.testing.assert_close(*drawn, rtol=0, atol=0.02)


def test_a_weight_too_large_for_half_precision_is_kept_whole(state: State, tmp_path: Path) -> None:
    large = state["generator"]["final.weight"] + 1e6
    path = saved(changed(state, "generator", final__weight=large), tmp_path / "c.pth")
    _, half = checkpoint.convert(path, tmp_path, "large")
    assert torch.equal(checkpoint.load(half).state["generator"]["final.weight"], large)


def pickled(contents: Any, protocol: int) -> bytes:
    return pickle.dumps(contents, protocol)


def in_a_zip(contents: Any, protocol: int) -> bytes:
    file = io.BytesIO()
    torch.save({"generator": contents, "kp_detector": {}}, file, pickle_protocol=protocol)
    return file.getvalue()


def in_the_old_format(contents: Any, protocol: int) -> bytes:
    file = io.BytesIO()
    torch.save({"generator": contents}, file, pickle_protocol=protocol, _use_new_zipfile_serialization=False)
    return file.getvalue()


@pytest.mark.parametrize("protocol", [0, 2, 4])
@pytest.mark.parametrize("written", [pickled, in_a_zip, in_the_old_format])
def test_a_file_that_would_run_code_is_named_as_such_and_nothing_runs(written: Callable, protocol: int,
                                                                      tmp_path: Path) -> None:
    trace = tmp_path / "it-ran"
    path = tmp_path / "evil.pth.tar"
    path.write_bytes(written(Runs(f"echo > {trace}"), protocol))
    with pytest.raises(UnsafeCheckpoint, match=r"“evil.pth.tar” was not opened.*code.*\.system\)"):
        FirstOrderMotionModel.from_checkpoint(path)
    assert not trace.exists()


@pytest.mark.parametrize("contents", [
    b"", b"hello\n" * 100, b"<!DOCTYPE html><html>Quota exceeded</html>", b"\x89PNG\r\n\x1a\n" + bytes(99),
    b"PK", b"12345678{", pickle.dumps([1, 2]), bytes(1000)], ids=repr)
def test_a_file_that_is_no_checkpoint_is_named_as_such(contents: bytes, tmp_path: Path) -> None:
    path = tmp_path / "file.pth.tar"
    path.write_bytes(contents)
    with pytest.raises(CheckpointError, match=r"“file.pth.tar” (is not a checkpoint|is cut short|contains no)"):
        checkpoint.load(path)


@pytest.mark.parametrize("old", [False, True], ids=["zip", "old format"])
@pytest.mark.parametrize("kept", [0.1, 0.5, 0.999])
def test_a_download_that_was_cut_is_named_as_such(old: bool, kept: float, state: State, tmp_path: Path) -> None:
    path = saved(state, tmp_path / "cut.pth.tar", _use_new_zipfile_serialization=not old)
    data = path.read_bytes()
    path.write_bytes(data[:int(kept * len(data))])
    with pytest.raises(NotACheckpoint, match=r"“cut.pth.tar” is cut short or damaged: get it again"):
        checkpoint.load(path)


def test_a_converted_file_that_was_cut_is_named_as_such(checkpoint_file: Path, tmp_path: Path) -> None:
    path, _ = checkpoint.convert(checkpoint_file, tmp_path, "cut")
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(NotACheckpoint, match="cut short or damaged"):
        checkpoint.load(path)


def test_a_missing_key_is_named(state: State, tmp_path: Path) -> None:
    path = saved(changed(state, "kp_detector", jacobian__bias=None), tmp_path / "c.pth")
    with pytest.raises(WrongContents, match=r"“c.pth” does not fit: kp_detector.jacobian.bias is missing"):
        checkpoint.load(path)


def test_a_wrong_shape_is_named_with_the_right_one(state: State, tmp_path: Path) -> None:
    path = saved(changed(state, "generator", final__weight=torch.zeros(3, 8, 5, 5)), tmp_path / "c.pth")
    with pytest.raises(WrongContents, match=r"generator.final.weight has the shape \(3, 8, 5, 5\), not \(3, 8, 7, 7\)"):
        checkpoint.load(path)


def test_a_shape_that_would_tell_a_wrong_config_is_named_too(tmp_path: Path) -> None:
    """Told by this weight, the keypoints would be nine; all others say ten."""
    networks = build(VOX_256)
    blank = {part: {key: torch.zeros(()).expand(tensor.shape)
                    for key, tensor in getattr(networks, part).state_dict().items()} for part in checkpoint.PARTS}
    path = saved(changed(blank, "kp_detector", kp__weight=torch.zeros(9, 35, 7, 7)), tmp_path / "c.pth")
    with pytest.raises(WrongContents, match=r"detector.kp.weight has the shape \(9, 35, 7, 7\), not \(10, 35, 7, 7\)"):
        checkpoint.load(path)


def test_a_key_that_is_not_known_is_named(state: State, tmp_path: Path) -> None:
    path = saved(changed(state, "generator", third__weight=torch.zeros(3)), tmp_path / "c.pth")
    with pytest.raises(WrongContents, match=r"generator.third.weight is unknown"):
        checkpoint.load(path)


@pytest.mark.parametrize("value", [3, "text", torch.zeros(3, dtype=torch.complex64), torch.zeros(3).to_sparse(),
                                   torch.zeros(3, device="meta")],
                         ids=["number", "text", "complex", "sparse", "nowhere"])
def test_what_is_no_tensor_of_numbers_is_named(value: Any, state: State, tmp_path: Path) -> None:
    path = saved(changed(state, "generator", final__bias=value), tmp_path / "c.pth")
    with pytest.raises(WrongContents, match=r"generator.final.bias is not a tensor of real numbers"):
        checkpoint.load(path)


def test_values_that_are_not_numbers_are_named(state: State, tmp_path: Path) -> None:
    path = saved(changed(state, "generator", final__bias=torch.full((3,), float("nan"))), tmp_path / "c.pth")
    with pytest.raises(WrongContents, match=r"generator.final.bias holds values that are not numbers"):
        checkpoint.load(path)


@pytest.mark.parametrize("contents", [{}, {"generator": {}}, {"generator": 3, "kp_detector": {}}, {"state_dict": {}}])
def test_a_checkpoint_of_something_else_is_named_as_such(contents: dict, tmp_path: Path) -> None:
    with pytest.raises(WrongContents, match=r"it is not a First Order Motion Model|is missing"):
        checkpoint.load(saved(contents, tmp_path / "c.pth"))


def test_a_file_that_is_not_there_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        checkpoint.load(tmp_path / "none.pth")
