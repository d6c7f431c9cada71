"""Reading untrusted checkpoints from the internet, and converting them once to safetensors.

A published checkpoint is a pickle: a program that builds the weights. It is read only by PyTorch's restricted unpickler
(`weights_only=True`), which builds tensors and plain containers and nothing else.
"""

from __future__ import annotations

import json
import os
import pickletools
import re
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, Union

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from core.shared.errors import UserError
from core.shared.files import replacing
from core.shared.texts import text

from .config import VOX_256, Config, ConfigError
from .layers import gaussian_kernel
from .networks import build
from .shapes import config_of

PARTS = ("generator", "kp_detector")
"""The networks of a checkpoint that are used; its discriminator and the states of its optimisers are for training."""
PathLike = Union[str, "os.PathLike[str]"]
State = dict[str, dict[str, torch.Tensor]]
"""A state dict for each of PARTS."""

_HARMLESS = re.compile(r"torch\.(_utils\._rebuild_\w+|(\w+)?Storage|storage\.\w+|Size|device)|collections\.OrderedDict")
_LARGEST_PICKLE = 64 << 20
"""Bytes of a pickle that are searched for code; those of published checkpoints, without their tensors, are shorter."""


class CheckpointError(UserError):
    """The file cannot be used as a checkpoint."""


class NotACheckpoint(CheckpointError):
    """The file is something else, or incomplete; the message is a sentence for the user."""


class UnsafeCheckpoint(CheckpointError):
    """The file would run code, none of which was run; the message is a sentence for the user."""


class WrongContents(CheckpointError):
    """The file is a checkpoint of another model; the message is a sentence for the user."""


class Checkpoint(NamedTuple):
    """What a file holds, checked against the networks of its config, so that it loads into them."""

    config: Config
    """The hyper-parameters of the networks."""
    state: State
    """The state dict of each of PARTS, float32 but for BatchNorm's counters."""


def load(path: PathLike, config: Config | None = None) -> Checkpoint:
    """Read a published checkpoint, or what `convert` made of one.

    config: the hyper-parameters; None for those stored in a converted file, or else those that the weights' shapes tell.
    Raises CheckpointError, or OSError if there is no such file.
    """
    path = Path(path)
    state, stored = _read_safetensors(path) if _is_safetensors(path) else (_read_pickle(path), None)
    for part in PARTS:
        if not isinstance(state.get(part), Mapping):
            raise WrongContents(text("Checkpoint.Lacks", name=path.name, part=part))
    named = {part: _named(path, part, state[part]) for part in PARTS}
    known = config or stored
    # A wrong shape may tell a wrong config; then vox-256 fits better, and gives the better complaint.
    candidates = [known] if known else [each for each in (config_of(named), VOX_256) if each]
    complaints = {each: _complaints(_with_kernels(named, each), each) for each in candidates}
    config = min(candidates, key=lambda each: len(complaints[each]))
    if complaints[config]:
        raise WrongContents(text("Checkpoint.DoesNotFit", name=path.name, complaint=complaints[config][0]))
    return Checkpoint(config, {part: {key: _single(path, part, key, tensor) for key, tensor in each.items()}
                               for part, each in _with_kernels(named, config).items()})


def convert(path: PathLike, folder: PathLike, name: str, config: Config | None = None) -> tuple[Path, Path]:
    """Write folder/name-fp32.safetensors and folder/name-fp16.safetensors; return both. Raises what `load` does.

    These files cannot hold code, and they carry their config. In fp16 only the weights of convolutions are halved: the rest is
    small, and among it are statistics of a wide range.
    """
    checkpoint = load(path, config)
    flat = {f"{part}.{key}": tensor for part in PARTS for key, tensor in checkpoint.state[part].items()}
    halved = {key: _halved(tensor) if key.endswith("weight") and tensor.dim() == 4 else tensor
              for key, tensor in flat.items()}
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for precision, tensors in (("fp32", flat), ("fp16", halved)):
        final = folder / f"{name}-{precision}.safetensors"
        with replacing(final) as unfinished:
            save_file(tensors, unfinished, {"fomm_config": json.dumps(checkpoint.config.to_dict())})
        written.append(final)
    return written[0], written[1]


def _halved(tensor: torch.Tensor) -> torch.Tensor:
    """Return the tensor in float16, or as it is where that overflows."""
    half = tensor.half()
    return half if half.isfinite().all() else tensor  # float16 ends at 65504


def _is_safetensors(path: Path) -> bool:
    """Return whether a file is safetensors, by content: eight bytes of length, then JSON. No pickle or zip has one there."""
    with open(path, "rb") as file:
        return file.read(9)[8:] == b"{"


def _read_safetensors(path: Path) -> tuple[dict[str, Any], Config | None]:
    """Return the state dicts in a converted file, and the config that it carries, if any. Raises NotACheckpoint."""
    try:
        with safe_open(path, "pt") as file:
            flat = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 (it is no dict)
            written = (file.metadata() or {}).get("fomm_config")
        config = Config.from_dict(json.loads(written)) if written else None
    except (SafetensorError, ConfigError, json.JSONDecodeError, AttributeError) as error:
        raise NotACheckpoint(text("Checkpoint.Damaged", name=path.name)) from error
    state: dict[str, Any] = {}
    for key, tensor in flat.items():
        part, _, rest = key.partition(".")
        state.setdefault(part, {})[rest] = tensor
    return state, config


def _read_pickle(path: Path) -> Mapping[str, Any]:
    """Return the state dicts, and whatever else, in a published checkpoint. Raises CheckpointError."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about pickles of other protocols, whether they load or not
            state = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # the unpickler raises whatever the bytes provoke
        names = _names_called(path)
        if names:
            raise UnsafeCheckpoint(text("Checkpoint.HoldsCode", name=path.name, code=names[0])) from error
        with open(path, "rb") as file:
            start = file.read(2)
        if start in (b"PK", b"\x80\x02"):
            raise NotACheckpoint(text("Checkpoint.Damaged", name=path.name)) from error
        raise NotACheckpoint(text("Checkpoint.NotOne", name=path.name)) from error
    if not isinstance(state, Mapping):
        raise WrongContents(text("Checkpoint.Lacks", name=path.name, part=PARTS[0]))
    return state


def _names_called(path: Path) -> list[str]:
    """Return what a pickle would import that tensors do not need, such as posix.system. Nothing of it is run."""
    names: list[str] = []
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                members = [archive.open(name) for name in archive.namelist() if name.endswith(".pkl")]
                pickles = [member.read(_LARGEST_PICKLE) for member in members]
        else:
            with open(path, "rb") as file:
                pickles = [file.read(_LARGEST_PICKLE)]
        for data in pickles:
            names += _imports(data)
    except Exception:  # hostile bytes, or no pickle: what was found so far will do
        pass
    return [name for name in names if not _HARMLESS.fullmatch(name)]


def _imports(data: bytes) -> list[str]:
    """Return the dotted names that the pickles in `data` import, up to the first byte that is no pickle's."""
    names, texts, at = [], ["", ""], 0
    try:
        while at < len(data):  # the old format is several pickles in a row
            length = 0
            for code, argument, position in pickletools.genops(data[at:]):
                length = (position or 0) + 1
                if code.name in ("GLOBAL", "INST"):
                    names.append(str(argument).replace(" ", "."))
                elif code.name == "STACK_GLOBAL":
                    names.append(".".join(texts))
                elif isinstance(argument, str):
                    texts = [texts[1], argument]
            at += length
    except Exception:
        pass
    return names


def _named(path: Path, part: str, state: Mapping[str, Any]) -> dict[str, torch.Tensor]:
    """Return the state dict under the networks' own names. Raises WrongContents for what is not a tensor of real numbers."""
    for key, tensor in state.items():
        if not isinstance(key, str) or not _is_plain(tensor):
            complaint = f"{part}.{key} is not a tensor of real numbers"
            raise WrongContents(text("Checkpoint.DoesNotFit", name=path.name, complaint=complaint))
    # Networks trained on several GPUs are saved inside a wrapper of this name.
    return {key.removeprefix("module."): tensor for key, tensor in state.items()}


def _is_plain(tensor: Any) -> bool:
    """Return whether it is a dense tensor of real numbers; the restricted unpickler builds other kinds, too."""
    return (isinstance(tensor, torch.Tensor) and tensor.layout == torch.strided and tensor.device.type == "cpu"
            and not tensor.is_complex() and not tensor.is_quantized)


def _complaints(state: State, config: Config) -> list[str]:
    """Return what of the state dicts does not fit the networks of a config, in English whatever the user's language."""
    networks, complaints = build(config), []
    for part in PARTS:
        wanted, found = getattr(networks, part).state_dict(), state[part]
        for key, tensor in wanted.items():
            if key not in found:
                complaints.append(f"{part}.{key} is missing")
            elif found[key].shape != tensor.shape:
                complaints.append(f"{part}.{key} has the shape {tuple(found[key].shape)}, not {tuple(tensor.shape)}")
        complaints += [f"{part}.{key} is unknown" for key in found if key not in wanted]
    return complaints


def _with_kernels(state: State, config: Config) -> State:
    """Return the state dicts with the blur kernels, which some old checkpoints lack; they are computed, not learned."""
    kernels = {}
    for part, key, scale in (("kp_detector", "down.weight", config.keypoint_detector.scale_factor),
                             ("generator", "dense_motion_network.down.weight", config.dense_motion.scale_factor)):
        missing = scale != 1 and key not in state[part]
        kernels[part] = {key: gaussian_kernel(scale).expand(config.num_channels, 1, -1, -1)} if missing else {}
    return {part: {**state[part], **kernels[part]} for part in PARTS}


def _single(path: Path, part: str, key: str, tensor: torch.Tensor) -> torch.Tensor:
    """Return the tensor in contiguous float32; a counter as it is. Raises WrongContents if it is not finite."""
    if key.endswith("num_batches_tracked"):
        return tensor
    tensor = tensor.float().contiguous()
    if not tensor.isfinite().all():
        raise WrongContents(text("Checkpoint.NoNumbers", name=path.name, place=f"{part}.{key}"))
    return tensor
