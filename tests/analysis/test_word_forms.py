"""Remembered parts of speech and lemmas are those that spaCy's own rules give."""

from __future__ import annotations

from typing import Any

import pytest

from greenroom.analysis import language_model, word_forms
from greenroom.analysis.word_forms import WordForms

TEXTS = (
    "There's a report that nobody had read, so I was gonna ask what they'd got to do with it.",
    "It ain't easy: let's say that we gotta do it, y' all come on and c'm on, there are those that do.",
    "He gets what he got, and what's said is said; you have done it but I've not, and that mattered.",
    "The mice's doing best did better than the good mouse, having left the left leaves for others' lives.",
    "i did it she does it do it they do have had it have it \n and   then",
    "GONNA Gonna gon na let 's 90% of U.S. users, $40k, e.g. 3pm — “quoted”",
    "",
)


@pytest.fixture(scope="module")
def plain() -> Any:
    """The model with its own rules."""
    return language_model.load()


@pytest.fixture(scope="module")
def parser() -> Any:
    """The model whose rules WordForms takes over."""
    return language_model.load()


@pytest.fixture(scope="module")
def forms(parser: Any) -> WordForms:
    return WordForms(parser)


@pytest.mark.parametrize("turn", ["first seen", "remembered"])
def test_they_are_those_of_the_model(plain: Any, parser: Any, forms: WordForms, turn: str) -> None:
    texts = [*TEXTS, " ".join(TEXTS), *(text.lower() for text in TEXTS)]
    docs = list(parser.pipe(texts))
    forms.annotate(docs)
    for doc, wanted in zip(docs, plain.pipe(texts), strict=True):
        assert [(t.pos_, t.lemma_) for t in doc] == [(t.pos_, t.lemma_) for t in wanted]


def test_of_each_word_the_rules_are_asked_once(parser: Any, forms: WordForms) -> None:
    asked = []
    rules = forms._rules
    forms._rules = [lambda doc, rule=rule: asked.append(len(doc)) or rule(doc) for rule in rules]
    try:
        for _ in range(2):
            forms.annotate(list(parser.pipe(["The zookeepers zigzagged through zestful zones."])))
    finally:
        forms._rules = rules
    assert len(asked) == len(rules)


def test_what_is_known_stays_while_another_thread_forgets(
    parser: Any, forms: WordForms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(word_forms, "_REMEMBERED", 0)
    rules, others = forms._rules, ["A quick question quelled the quarrel."]

    def first_another(doc: Any) -> Any:
        if others:
            forms.annotate(list(parser.pipe([others.pop()])))
        return rules[0](doc)

    monkeypatch.setattr(forms, "_rules", [first_another, *rules[1:]])
    (doc,) = parser.pipe(["Xylophones excited extra experts."])
    forms.annotate([doc])
    assert [token.lemma_ for token in doc][:2] == ["xylophone", "excite"]
