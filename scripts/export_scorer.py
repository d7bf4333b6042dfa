"""Write a trained scorer into the package: encoder with 8-bit weights, head, tokenizer.

Needs: pip install torch transformers onnx onnxruntime.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path
from typing import Any

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from scorer_network import HEADS, Network, states_of

import greenroom.analysis.scorer

PACKAGE = Path(greenroom.analysis.scorer.__file__).parent / "scorer_data"
NAMES = ("ids", "mask", "types")
OUTPUTS = ("states", "own")


class _States(torch.nn.Module):
    def __init__(self, network: Network) -> None:
        super().__init__()
        self.encoder, self.branch = network.encoder, network.branch

    def forward(
        self, ids: torch.Tensor, mask: torch.Tensor, types: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        return states_of(self.encoder, self.branch, ids, mask, types)


def _rounded(layer: torch.nn.Linear) -> dict[str, list[Any]]:
    return {
        "weight": [[round(v, 5) for v in row] for row in layer.weight.tolist()],
        "bias": [round(v, 5) for v in layer.bias.tolist()],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("base", type=Path, help="folder of the base model, for its configuration")
    parser.add_argument("trained", type=Path, help="what scripts/train_scorer.py wrote")
    parser.add_argument("--to", type=Path, default=PACKAGE)
    options = parser.parse_args()
    network = Network.trained(options.base, options.trained, attention="eager").eval()
    options.to.mkdir(parents=True, exist_ok=True)
    whole = options.trained / "encoder.onnx"
    ones = torch.ones((1, 8), dtype=torch.long)
    torch.onnx.export(
        _States(network), (ones, ones, ones), str(whole),
        input_names=list(NAMES), output_names=list(OUTPUTS),
        dynamic_axes={name: {0: "windows", 1: "pieces"} for name in (*NAMES, *OUTPUTS)},
        opset_version=17, dynamo=False,
    )  # fmt: skip
    quantize_dynamic(
        str(whole), str(options.to / "encoder.onnx"), weight_type=QuantType.QInt8, per_channel=True
    )
    head = {key: _rounded(getattr(network, name)) for name, key in HEADS.items()}
    (options.to / "head.json").write_text(json.dumps(head), "utf-8")
    shutil.copyfile(options.trained / "tokenizer.json", options.to / "tokenizer.json")
    for file in sorted(options.to.iterdir()):
        print(f"{file.name}: {file.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
