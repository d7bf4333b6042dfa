"""A small learned reader beside the rules: how likely each pattern, signal, part and form of telling is.

A six-layer MiniLM (Wang et al. 2020, arXiv 2002.10957; weights all-MiniLM-L6-v2, Apache-2.0), trained on
answers written for this project (scripts/train_scorer.py) and stored with 8-bit weights. Its upper half is
there twice: for the labels, and for what each word tells (which part of the story) and shows (which signal).
It reads an answer in windows and remembers them, so that of a long one only the end is left when the person
stops speaking.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from greenroom.records import FORMS, PARTS, PATTERNS, SIGNALS, is_filled_pause

FAMILIES: Mapping[str, tuple[str, ...]] = {
    "patterns": PATTERNS,
    "signals": tuple(name for name in SIGNALS if name != "clarity"),
    "parts": PARTS,
    "forms": FORMS,
}
ROLES = (*PARTS, "aside")
"""What the words of an answer tell: a part of the story, or none."""
STRENGTH = "strength"
EVIDENCE = (*FAMILIES["signals"], STRENGTH)
"""What words may show: a signal, or the strongest moment of the answer."""
UNREAD = -6.0
"""The evidence in words that were not read, in logits: next to none."""
HEADS = ("labels", "roles", "evidence")
"""The linear layers on top of the encoder: the first sees an answer as a whole, the others each piece."""
LABELS = tuple((family, name) for family, names in FAMILIES.items() for name in names)

# A window holds a minute of speech at 160 words a minute; what crosses a border is in both windows.
WINDOW_WORDS = 160
STEP_WORDS = 144
TAILS = (30, 12)
"""So many of the last words (two sentences, one) say whether a story stops before its end."""
_MOST_PIECES = 512
"""In one window: what the encoder has places for."""

# Longer questions are cut: what they ask for stands at their beginning.
_QUESTION_PIECES = 40
_REMEMBERED = 64

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Encoded:
    """One window in the encoder's pieces; `words` is the word of each piece, -1 where there is none."""

    ids: tuple[int, ...]
    types: tuple[int, ...]
    words: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Scores:
    """What the scorer makes of an answer.

    Attributes:
        probabilities: of each of LABELS, 0 to 1.
        words: (words, labels) how much each word speaks for each label, in logits.
        roles: (words, ROLES) how likely each word tells each of them, in logits; 0 for what was not read.
        evidence: (words, EVIDENCE) how likely each word is among those that show it, in logits; UNREAD for
            what was not read.
        states: (words, 2 * width) each word as the encoder reads it, for the labels and word by word; 0 for
            what was not read.
        pooled: (3 * width,) the answer as the encoder reads it: mean and maximum over its pieces, and what
            stands for it as a whole.
        tail: (4 * width,) the same of its last words: means over the last of each of TAILS, of what is read
            for the labels and of what is read word by word.
    """

    probabilities: Mapping[tuple[str, str], float]
    words: Floats
    roles: Floats
    evidence: Floats
    states: Floats
    pooled: Floats
    tail: Floats

    def of(self, family: str, name: str) -> float:
        return self.probabilities[family, name]

    def weight(self, family: str, name: str, words: Sequence[int]) -> float:
        """How much these words of the answer speak for a label."""
        return float(self.words[list(words), _COLUMNS[family, name]].sum())

    def evidence_in(self, words: Sequence[int]) -> dict[str, float]:
        """How likely these words of the answer are among those that show each of EVIDENCE, in logits."""
        return dict(zip(EVIDENCE, self.evidence[list(words)].mean(axis=0).tolist(), strict=True))


_COLUMNS = {label: column for column, label in enumerate(LABELS)}


def windows_of(tokenizer: Any, question: str, words: Sequence[str]) -> list[Encoded]:
    """The windows of an answer, each behind the question and a word on where in the answer it lies."""
    kept = [i for i, word in enumerate(words) if not is_filled_pause(word)] or list(range(len(words)))
    starts = [0, *range(STEP_WORDS, max(len(kept) - (WINDOW_WORDS - STEP_WORDS), 1), STEP_WORDS)]
    asked = tokenizer.encode(question, add_special_tokens=False).ids[:_QUESTION_PIECES]
    first, separator = (tokenizer.token_to_id(name) for name in ("[CLS]", "[SEP]"))
    encoded = []
    for start in starts:
        own = kept[start : start + WINDOW_WORDS]
        place = (
            "whole"
            if len(starts) == 1
            else "first"
            if start == 0
            else "last"
            if start == starts[-1]
            else "middle"
        )
        pieces = tokenizer.encode([words[i] for i in own], is_pretokenized=True, add_special_tokens=False)
        head = (first, tokenizer.token_to_id(place), *asked, separator)
        room = _MOST_PIECES - len(head) - 1  # what is no language has more pieces than words
        ids, owners = pieces.ids[:room], pieces.word_ids[:room]
        encoded.append(
            Encoded(
                (*head, *ids, separator),
                (0,) * len(head) + (1,) * (len(ids) + 1),
                (-1,) * len(head) + tuple(own[i] for i in owners) + (-1,),
            )
        )
    return encoded


class _Window(NamedTuple):
    """(pieces, width) what the encoder makes of a window: for the labels, and for its words one by one."""

    states: Floats
    own: Floats


def _of_answer(windows: Sequence[Floats], said: Sequence[NDArray[np.bool_]]) -> Floats:
    """(pieces, width) of the answer alone, without the question before each window."""
    return np.concatenate([states[mask] for states, mask in zip(windows, said, strict=True)])


def _tail_of(owners: NDArray[np.int_], *read: Floats) -> Floats:
    """The means over the last of each of TAILS; 0 where no word was read."""
    if not len(owners):
        return np.zeros(len(read) * len(TAILS) * read[0].shape[1], dtype=np.float32)
    ends = [owners > owners.max() - length for length in TAILS]
    return np.concatenate([each[end].mean(0) for each in read for end in ends])


class Linear(NamedTuple):
    """A linear layer, one of the HEADS or of openings: `weight` (outputs, inputs) and `bias` (outputs,)."""

    weight: Floats
    bias: Floats

    @classmethod
    def stored(cls, weight: Sequence[Sequence[float]], bias: Sequence[float]) -> Linear:
        return cls(np.array(weight, dtype=np.float32), np.array(bias, dtype=np.float32))

    def of(self, inputs: Floats) -> Floats:
        """(rows, outputs) of (rows, inputs)."""
        outputs: Floats = inputs @ self.weight.T + self.bias
        return outputs

    def chances(self, inputs: Floats) -> Floats:
        """(outputs,) how likely each is, 0 to 1."""
        return np.asarray(1 / (1 + np.exp(-self.of(inputs))), dtype=np.float32)


def _by_word(pieces: Floats, owners: NDArray[np.int_], words: int, unread: float = 0.0) -> Floats:
    """(words, outputs) the mean of what is known of each word's pieces; `unread` where there is none."""
    counts = np.bincount(owners, minlength=words)[:, None]
    summed = np.zeros((words, pieces.shape[1]), dtype=np.float32)
    np.add.at(summed, owners, pieces)
    return np.where(counts > 0, summed / np.maximum(counts, 1), unread).astype(np.float32)


class Scorer:
    """Loading takes some tenths of a second; make one and keep it."""

    def __init__(self) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        folder = files("greenroom.analysis") / "scorer_data"
        options = onnxruntime.SessionOptions()
        # Idle threads that spin would take the processor from Whisper.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        with as_file(folder / "encoder.onnx") as file:
            self._session = onnxruntime.InferenceSession(
                str(file), options, providers=["CPUExecutionProvider"]
            )
        self.tokenizer = Tokenizer.from_str((folder / "tokenizer.json").read_text("utf-8"))
        heads = json.loads((folder / "head.json").read_text("utf-8"))
        self._labels, self._roles, self._evidence = (Linear.stored(**heads[each]) for each in HEADS)
        self._states = lru_cache(_REMEMBERED)(self._encode)
        self.windows_read = 0

    def read(self, question: str, words: Sequence[str]) -> Scores:
        """Scores of an answer of at least one word; `question` may be empty."""
        windows = windows_of(self.tokenizer, question, words)
        read = [self._states(window.ids, window.types) for window in windows]
        said = [np.array(window.types) == 1 for window in windows]
        owners = np.concatenate([np.array(w.words)[mask] for w, mask in zip(windows, said, strict=True)])
        held = owners >= 0
        pieces = _of_answer([window.states for window in read], said)
        mean, highest, _ = np.split(self._labels.weight, 3, axis=1)
        contributions = pieces @ mean.T / len(pieces)
        np.add.at(contributions, pieces.argmax(0), (highest * pieces.max(0)).T)
        first = np.mean([window.states[0] for window in read], axis=0)
        pooled = np.concatenate([pieces.mean(0), pieces.max(0), first])
        chances = self._labels.chances(pooled)
        by_word = np.zeros((len(words), len(LABELS)), dtype=np.float32)
        np.add.at(by_word, owners[held], contributions[held])
        labels = {label: float(chance) for label, chance in zip(LABELS, chances, strict=True)}
        told = _of_answer([window.own for window in read], said)[held]
        tail = _tail_of(owners[held], told, pieces[held])
        roles = _by_word(self._roles.of(told), owners[held], len(words))
        evidence = _by_word(self._evidence.of(told), owners[held], len(words), UNREAD)
        states = _by_word(np.concatenate([pieces[held], told], axis=1), owners[held], len(words))
        return Scores(labels, by_word, roles, evidence, states, pooled, tail)

    def _encode(self, ids: tuple[int, ...], types: tuple[int, ...]) -> _Window:
        self.windows_read += 1
        inputs = {
            "ids": np.array([ids], dtype=np.int64),
            "mask": np.ones((1, len(ids)), dtype=np.int64),
            "types": np.array([types], dtype=np.int64),
        }
        states, own = self._session.run(["states", "own"], inputs)
        return _Window(states[0], own[0])
