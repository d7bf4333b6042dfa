"""What the answer tells as done, short enough to be said back: "tented the slab"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from greenroom.records import Deed, bare

from .lexicon import read_toml
from .query import ABSTRACT, DONE, is_deed, looks_past
from .reading import Clause, Reading, Token

_FACTS = read_toml("lexicons", "facts.toml")
_INCOMPLETE = frozenset(_FACTS["incomplete_verbs"])
_EMPTY = frozenset((*_FACTS["empty_things"], *_FACTS["people"], *ABSTRACT))
_EMPTY_ADJECTIVES = frozenset(_FACTS["empty_adjectives"])
_MEASURES = {word: measure for measure, words in _FACTS["measures"].items() for word in words}
# Of other verbs a dictionary form like the past is one that the tagger did not know.
_UNCHANGED = frozenset({"cut", "shut", "split", "set", "put", "spread", "shed", "cast", "quit"})
_PARTICLES = frozenset({"up", "down", "out", "off", "in", "on", "away", "back", "over"})
# They open clauses that say when something was, as "before" in "before I left the firm".
_TIMES = frozenset({"when", "while", "after", "before", "as", "once", "until", "till", "since"})

# With these on it, a verb and its object alone would say something else: "made the export faster".
_COMPLETING = ("ccomp", "oprd", "acomp", "neg", "dative")
# Longer than that, nobody would say it back.
_MOST_WORDS = 4
# A word said once in passing does not tell what the whole answer is about.
_LEAST_MENTIONS = 2


def deeds_told(reading: Reading) -> tuple[Deed, ...]:
    """The deeds of the teller's side that were done to something with a name, in order."""
    children: dict[int, list[int]] = {}
    for i, token in enumerate(reading.tokens):
        children.setdefault(token.head, []).append(i)
    overall = _measure(reading.tokens, _LEAST_MENTIONS)
    found = (
        _deed(reading, clause, children, overall)
        for clause in reading.clauses
        if _may_tell(clause) and not _sets_the_time(reading, clause)
    )
    return tuple(deed for deed in found if deed is not None)


def _may_tell(clause: Clause) -> bool:
    side = clause.subject in ("i", "we", "team") or clause.passive
    return side and clause.mood in DONE and is_deed(clause) and not clause.negated and not clause.conditional


def _sets_the_time(reading: Reading, clause: Clause) -> bool:
    """Whether it only says when: nobody tells "when I joined the rota" as what was done."""
    words = frozenset(clause.words)
    own = (t for t in reading.tokens if t.word in words and t.kind not in ("CCONJ", "PUNCT", "INTJ"))
    first = next(own, None)
    if first is None or first.form not in _TIMES:
        return False
    verb = reading.tokens[first.head]
    if verb.word not in words or verb.lemma != clause.verb:
        return False
    if first.role not in ("mark", "advmod"):
        return False
    # "Once I rebuilt an importer" tells a deed: there the word is an adverb of the whole.
    always = first.form == "when" or (first.role == "mark" and first.form != "once")
    return always or verb.role == "advcl"


def _deed(reading: Reading, clause: Clause, children: dict[int, list[int]], overall: str) -> Deed | None:
    tokens = reading.tokens
    verb = next((i for i, t in enumerate(tokens) if _is_verb(t, clause)), None)
    if verb is None:
        return None
    below = [i for i in children.get(verb, ()) if i != verb]
    role = "nsubjpass" if clause.passive else "dobj"
    noun = next((i for i in below if tokens[i].role == role), None)
    thing = None if noun is None else _thing(reading, noun, children)
    if thing is None or noun is None:
        return None
    particle = next((f" {t.form}" for t in (tokens[i] for i in below) if _is_particle(t)), "")
    own = [t for t in tokens if t.word in clause.words]
    whole = tokens[verb].lemma not in _INCOMPLETE and not any(
        tokens[i].role in _COMPLETING for i in below if i > verb
    )
    return Deed(
        who="passive" if clause.passive else clause.subject,
        did=tokens[verb].form + particle if whole else "",
        do=tokens[verb].lemma + particle if whole and _has_its_lemma(tokens[verb]) else "",
        thing=thing,
        measure=_measure(own, 1) or overall,
        mentions=sum(token.lemma == tokens[noun].lemma for token in tokens),
        first_word=clause.first,
        last_word=clause.last,
    )


def _is_verb(token: Token, clause: Clause) -> bool:
    if token.word not in clause.words or token.lemma != clause.verb or not token.form.isalpha():
        return False
    if clause.passive:
        return token.tag == "VBN"
    return token.tag == "VBD" or (token.tag in ("VBP", "VBN") and looks_past(token.form))


def _has_its_lemma(token: Token) -> bool:
    return token.lemma != token.form or token.form in _UNCHANGED


def _is_particle(token: Token) -> bool:
    return token.role == "prt" or (token.role == "advmod" and token.form in _PARTICLES)


def _thing(reading: Reading, noun: int, children: dict[int, list[int]]) -> str | None:
    """The noun with what stands right before it, as something both sides know: "the slab".

    None where it is vague, where there is none ("not one payment"), and where it may be a person: the name
    "Danny" cannot be told from a product's.
    """
    tokens = reading.tokens
    head = tokens[noun]
    if head.kind not in ("NOUN", "PROPN") or head.lemma in _EMPTY:
        return None
    before = [i for i in children.get(noun, ()) if i < noun]
    if any(tokens[i].form in ("no", "any", "what", "which", "whatever", "how") for i in before):
        return None
    if any(tokens[j].form == "not" for i in before for j in (i, *children.get(i, ()))):
        return None
    if head.kind == "PROPN" and not any(tokens[i].role in ("det", "poss") for i in before):
        return None
    named = [i for i in before if tokens[i].role in ("compound", "amod", "nummod")]
    # Only what stands before the noun can be empty: the lemma of the noun "goods" is "good".
    words = [*(tokens[i].word for i in named if tokens[i].lemma not in _EMPTY_ADJECTIVES), head.word]
    if words != list(range(words[0], words[-1] + 1)):
        words = words[-1:]
    texts = [_as_said(reading, word) for word in words]
    # A word of several tokens ("client's", "side-project") is only said back where all of it is the thing.
    if len(texts) >= _MOST_WORDS or any(not text.replace("-", "").isalnum() for text in texts):
        return None
    return " ".join(["the", *(text.lower() if text.istitle() else text for text in texts)])


def _as_said(reading: Reading, word: int) -> str:
    text = reading.words[word].text
    return text.strip(".,;:!?…\"“”‘’'()[]*—– ") if bare(text) else ""


def _measure(tokens: Sequence[Token], least: int) -> str:
    counted = Counter(_MEASURES[t.lemma] for t in tokens if t.lemma in _MEASURES)
    measure, count = max(counted.items(), key=lambda each: each[1], default=("", 0))
    return measure if count >= least else ""
