"""The network of the learned scorer and its small vocabulary: what training and exporting share."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from labelled_answers import ROLE_LETTERS, read_rows
from tokenizers import Tokenizer
from transformers import AutoConfig, AutoModel, PreTrainedModel

from greenroom.analysis.scorer import EVIDENCE, LABELS, ROLES, Encoded, windows_of

# Dropped words of the base model's vocabulary are read in pieces. It is ordered by frequency: the first 6,000
# and what the training texts hold cover 98.5 % of the pieces of other answers (measured on the tuning half).
COMMONEST = 6000
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
POOLS = 3
BRANCHED = 3
"""So many of the upper layers are there twice: for the labels, and for words one by one. Where these share
all layers the labels lose 0.02 to 0.03 (docs/measurements.md)."""
HEADS = {"head": "labels", "roles": "roles", "evidence": "evidence"}
"""The network's linear layers on top, and what the package calls them."""

# MPNet reads with BERT's vocabulary, four places further on, but for these (its tokenizer.json).
_MPNET_SPECIAL = {"[CLS]": 0, "[PAD]": 1, "[SEP]": 2, "[UNK]": 104, "[MASK]": 30526}
_MPNET_SHIFT = 4
_MPNET_FIRST_PLACE = 2

_LATER = ("branch.", "roles.", "evidence.")
_SMALL_EMBEDDINGS = ("token_type_embeddings", "position_embeddings")
_LAYER = re.compile(r"\.layer\.(\d+)\.")


@dataclass(frozen=True)
class Example:
    """One labelled answer.

    Attributes:
        targets: in the order of LABELS, from 0 to 1, NaN where it is not known.
        roles: the role of each of its words, as an index of ROLES, -1 where a word has none; empty where
            nobody has said.
        evidence: (words, EVIDENCE) 1 where a word is among those that show it, else 0; None where nobody has
            said.
    """

    question: str
    answer: str
    targets: np.ndarray
    roles: tuple[int, ...] = ()
    evidence: np.ndarray | None = None


@dataclass(frozen=True)
class Logits:
    """`labels` (answers, labels), and of each answer (pieces, ROLES) and (pieces, EVIDENCE)."""

    labels: torch.Tensor
    roles: list[torch.Tensor]
    evidence: list[torch.Tensor]


def read_examples(path: Path, clauses: Sequence[Path] = (), evidence: Sequence[Path] = ()) -> list[Example]:
    """The labelled answers.

    `clauses` have a letter a word of some of them ("SSAAR-", ROLE_LETTERS), and `evidence` the first and last
    words of the stretches that show something, {"ownership": [[12, 18]]}.
    """
    letters = {row["id"]: row["words"] for file in clauses for row in read_rows(file)}
    shown = {row["id"]: row["shows"] for file in evidence for row in read_rows(file)}
    return [
        Example(
            row.get("question") or "",
            row["answer"],
            _targets(row),
            tuple(ROLE_LETTERS.find(letter) for letter in letters.get(row.get("id"), "")),
            _marked(shown[row["id"]], len(row["answer"].split())) if row.get("id") in shown else None,
        )
        for row in read_rows(path)
    ]


def _marked(shown: Mapping[str, Sequence[tuple[int, int]]], words: int) -> np.ndarray:
    """(words, EVIDENCE)"""
    marks = np.zeros((words, len(EVIDENCE)), dtype=np.float32)
    for name, stretches in shown.items():
        for first, last in stretches:
            marks[first : last + 1, EVIDENCE.index(name)] = 1
    return marks


def _targets(row: dict[str, Any]) -> np.ndarray:
    values = []
    for family, name in LABELS:
        if family == "forms":
            values.append(np.nan if "form" not in row else float(row["form"] == name))
        elif "votes" in row:
            values.append(row["votes"][name] / 3)
        else:
            values.append(float(row[family][name]))
    return np.array(values, dtype=np.float32)


def small_vocabulary(
    tokenizer_file: Path, texts: Iterable[str]
) -> tuple[dict[str, Any], list[tuple[str, int]]]:
    """The tokenizer's own description with fewer pieces, and each piece that is kept with its old number."""
    tokenizer = Tokenizer.from_file(str(tokenizer_file))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    used = {piece for text in texts for piece in tokenizer.encode(text).ids}
    description: dict[str, Any] = json.loads(tokenizer_file.read_text("utf-8"))
    kept = []
    for piece, number in sorted(description["model"]["vocab"].items(), key=lambda item: item[1]):
        letters = piece.removeprefix("##")
        readable = all(ord(letter) < 0x250 for letter in letters) and not piece.startswith("[unused")
        if piece in SPECIAL or number in used or (readable and (number < COMMONEST or len(letters) == 1)):
            kept.append((piece, number))
    description["model"]["vocab"] = {piece: i for i, (piece, _) in enumerate(kept)}
    ids = description["model"]["vocab"]
    description["truncation"] = description["padding"] = None
    for added in description["added_tokens"]:
        added["id"] = ids[added["content"]]
    for name, special in description["post_processor"].get("special_tokens", {}).items():
        special["ids"] = [ids[name]]
    for side in ("sep", "cls"):
        if side in description["post_processor"]:
            description["post_processor"][side][1] = ids[description["post_processor"][side][0]]
    return description, kept


class Network(torch.nn.Module):
    """The encoder read window by window, pooled over an answer's words, and one logit a label.

    Words have a `branch` of their own beside its upper layers; where the encoder is no BERT they share all.
    """

    def __init__(self, encoder: PreTrainedModel) -> None:
        super().__init__()
        self.encoder = encoder
        self.encoder.pooler = None  # it is not asked: the answer's words are pooled below
        self.branch = branch_of(encoder)
        self.dropout = torch.nn.Dropout(0.2)
        self.head = torch.nn.Linear(POOLS * encoder.config.hidden_size, len(LABELS))
        self.roles = torch.nn.Linear(encoder.config.hidden_size, len(ROLES))
        self.evidence = torch.nn.Linear(encoder.config.hidden_size, len(EVIDENCE))
        for parameter in encoder.embeddings.word_embeddings.parameters():
            parameter.requires_grad = False  # so that words which training never shows keep their neighbours

    @classmethod
    def from_base(cls, folder: Path, kept: Sequence[tuple[str, int]]) -> Network:
        """A base model with only those pieces of BERT's vocabulary, each with its number there."""
        base = AutoModel.from_pretrained(str(folder), attn_implementation=_attention(folder))
        numbers = [number for _, number in kept]
        if base.config.model_type == "mpnet":
            numbers = [_MPNET_SPECIAL.get(piece, number + _MPNET_SHIFT) for piece, number in kept]
        rows = base.embeddings.word_embeddings.weight.data[numbers].clone()
        base.embeddings.word_embeddings = torch.nn.Embedding.from_pretrained(rows)
        base.config.vocab_size = len(kept)
        return cls(base)

    @classmethod
    def trained(
        cls, base: Path, folder: Path, attention: str = "sdpa", *, unfinished: bool = False
    ) -> Network:
        """What an earlier training wrote into `folder`; `base` has the model's configuration.

        `unfinished`: it may be from before words had a branch, or showed anything; that is still to learn.
        """
        config = AutoConfig.from_pretrained(str(base))
        config.vocab_size = Tokenizer.from_file(str(folder / "tokenizer.json")).get_vocab_size()
        config._attn_implementation = _attention(base, attention)
        state = torch.load(folder / "network.pt", weights_only=True)
        state = {name: value for name, value in state.items() if ".pooler." not in name}
        config.num_hidden_layers = len({layer[1] for name in state if (layer := _LAYER.search(name))})
        network = cls(AutoModel.from_config(config))
        network.take(state, unfinished=unfinished)
        return network

    @classmethod
    def earlier(cls, base: Path, folder: Path) -> Network:
        """What an earlier training wrote, or the scorer of the package."""
        if (folder / "network.pt").exists():
            return cls.trained(base, folder, unfinished=True)
        return cls.packaged(base, folder)

    @classmethod
    def packaged(cls, base: Path, folder: Path) -> Network:
        """What export_scorer.py wrote into `folder`: its 8-bit weights as floats, those of words from `base`.

        So a training goes on from the scorer in the package, whose own weights are kept nowhere else.
        """
        import onnx
        from onnx.numpy_helper import to_array

        old = json.loads((base / "tokenizer.json").read_text("utf-8"))["model"]["vocab"]
        pieces = json.loads((folder / "tokenizer.json").read_text("utf-8"))["model"]["vocab"]
        kept = [(piece, old[piece]) for piece in sorted(pieces, key=pieces.__getitem__)]
        network = cls.from_base(base, kept)
        graph = onnx.load(str(folder / "encoder.onnx")).graph
        given = {each.name: torch.tensor(to_array(each)) for each in graph.initializer}
        weights = {name: each for name, each in given.items() if name.endswith((".weight", ".bias"))}
        for name in (f"encoder.embeddings.{kind}.weight" for kind in _SMALL_EMBEDDINGS):
            if f"{name}_quantized" in given:
                weights[name] = _floats(given, name)
        for node in graph.node:
            if node.op_type == "MatMulInteger":
                layer = node.name.removesuffix("/MatMul_quant").strip("/").replace("/", ".")
                weights[f"{layer}.weight"] = _floats(given, node.input[1].removesuffix("_quantized")).T
        head = json.loads((folder / "head.json").read_text("utf-8"))
        for name, key in HEADS.items():
            if key in head:
                weights |= {f"{name}.{each}": torch.tensor(head[key][each]) for each in ("weight", "bias")}
        words = "encoder.embeddings.word_embeddings.weight"
        network.take({words: network.state_dict()[words], **weights}, unfinished=True)
        return network

    def take(self, weights: Mapping[str, torch.Tensor], *, unfinished: bool = False) -> None:
        """Load weights of a network like this one; an `unfinished` one lacks what was added later.

        Raises:
            ValueError: where others are missing, or there are some that it has no place for.
        """
        branched = any(name.startswith("branch.") for name in weights)
        own = self.state_dict().keys()
        later = () if not unfinished else _LATER[-1:] if branched else _LATER
        absent = {name for name in own - weights.keys() if not name.startswith(later)}
        unknown = weights.keys() - own
        if absent or unknown:
            raise ValueError(f"missing: {sorted(absent)}; no place for: {sorted(unknown)}")
        self.load_state_dict({name: weights[name].float() for name in own & weights.keys()}, strict=False)
        if not branched:
            self.branch = branch_of(self.encoder)

    def with_layers(self, layers: Sequence[int]) -> Network:
        """A copy with only these layers of the encoder, counted from 0; it has to learn to do with them."""
        fewer = copy.deepcopy(self)
        kept = [fewer.encoder.encoder.layer[layer] for layer in layers]
        fewer.encoder.encoder.layer = torch.nn.ModuleList(kept)
        fewer.encoder.config.num_hidden_layers = len(kept)
        return fewer

    def forward(self, batch: Sequence[Sequence[Encoded]]) -> Logits:
        """Of answers that are each the encoded windows of one."""
        windows = [window for answer in batch for window in answer]
        longest = max(len(window.ids) for window in windows)
        ids = torch.zeros(len(windows), longest, dtype=torch.long)
        types, mask = torch.zeros_like(ids), torch.zeros_like(ids)
        for row, window in enumerate(windows):
            size = len(window.ids)
            ids[row, :size] = torch.tensor(window.ids)
            types[row, :size] = torch.tensor(window.types)
            mask[row, :size] = 1
        states, own = (each.float() for each in states_of(self.encoder, self.branch, ids, mask, types))
        answer_words = (types * mask).bool()
        pooled, roles, evidence, start = [], [], [], 0
        for answer in batch:
            rows = slice(start, start + len(answer))
            start += len(answer)
            said = states[rows][answer_words[rows]]
            pooled.append(torch.cat([said.mean(0), said.max(0).values, states[rows, 0].mean(0)]))
            words = self.dropout(own[rows][answer_words[rows]])
            roles.append(self.roles(words))
            evidence.append(self.evidence(words))
        return Logits(self.head(self.dropout(torch.stack(pooled))), roles, evidence)


def branch_of(encoder: PreTrainedModel) -> torch.nn.ModuleList | None:
    """A copy of its upper layers, to go their own way; None where they need more than states and a mask."""
    if encoder.config.model_type != "bert":
        return None
    return copy.deepcopy(encoder.encoder.layer[-BRANCHED:])


def states_of(
    encoder: PreTrainedModel,
    branch: torch.nn.ModuleList | None,
    ids: torch.Tensor,
    mask: torch.Tensor,
    types: torch.Tensor,
) -> tuple[torch.Tensor, torch.Tensor]:
    """(windows, pieces, width) states of windows of as many pieces, the encoder's and the branch's.

    `mask` is 0 where a window has fewer pieces.
    """
    if encoder.config.model_type == "mpnet":
        places = torch.arange(ids.shape[1]).expand(ids.shape[0], -1) + _MPNET_FIRST_PLACE
        states = encoder(input_ids=ids, attention_mask=mask, position_ids=places).last_hidden_state
        return states, states
    read = encoder(input_ids=ids, attention_mask=mask, token_type_ids=types, output_hidden_states=True)
    own = read.hidden_states[-1 - len(branch)]
    seen = mask[:, None, None, :].bool()
    if encoder.config._attn_implementation == "eager":  # it adds its mask to the scores
        seen = (~seen).to(own.dtype) * torch.finfo(own.dtype).min
    for layer in branch:
        own = layer(own, attention_mask=seen)
        own = own[0] if isinstance(own, tuple) else own
    return read.last_hidden_state, own


def _attention(base: Path, wanted: str = "sdpa") -> str:
    """How attention is computed; MPNet, whose biases depend on places, has one way only."""
    return "eager" if AutoConfig.from_pretrained(str(base)).model_type == "mpnet" else wanted


def _floats(given: dict[str, torch.Tensor], name: str) -> torch.Tensor:
    """Weights that were rounded to 8 bits; a scale and a zero point for all, or one a column."""
    rounded, zero = given[f"{name}_quantized"].float(), given[f"{name}_zero_point"].float()
    return (rounded - zero) * given[f"{name}_scale"]


def encoded(tokenizer: Tokenizer, question: str, answer: str) -> list[Encoded]:
    return windows_of(tokenizer, question, answer.split())
