"""Convolutions in int8: weights quantised per channel, activations by the ranges that sample pictures give.

The graph has quantize and dequantize nodes around its convolutions (QDQ), which each runtime turns into what its processor can
do; the rest stays in float32.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from core.shared.files import replacing

STEERING = frozenset({"mask", "occlusion"})
"""Names of layers that stay in float32: they are small, and an error in them moves parts of the face about."""


def quantise(graph: Path, out: Path, samples: Sequence[dict[str, np.ndarray]]) -> None:
    """Write the animate graph in int8 to `out`. samples: inputs of the graph that represent what it will see."""
    import onnx
    from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static

    class Reader(CalibrationDataReader):  # type: ignore[misc]  # onnxruntime has no types
        def __init__(self) -> None:
            self._samples: Iterator[dict[str, np.ndarray]] = iter(samples)

        def get_next(self) -> dict[str, np.ndarray] | None:
            return next(self._samples, None)

    nodes = onnx.load(graph, load_external_data=False).graph.node
    steering = [node.name for node in nodes if node.op_type == "Conv"
                and not STEERING.isdisjoint(node.input[1].split("."))]
    logging.disable(logging.WARNING)  # it recommends preprocessing that exporting has done already
    try:
        with replacing(out) as unfinished:
            quantize_static(graph, unfinished, Reader(), QuantFormat.QDQ, op_types_to_quantize=["Conv"], per_channel=True,
                            activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8, nodes_to_exclude=steering)
    finally:
        logging.disable(logging.NOTSET)
