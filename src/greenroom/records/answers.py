"""Questions, answers with everything known of them, and whole sessions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from .delivery import Delivery
from .sound import Silence
from .words import Span, Transcript

SCHEMA = 1
"""Version of the JSON of an answer and of a session."""

PATTERNS = (
    "hypothetical",
    "buried_problem",
    "hidden_in_team",
    "no_outcome",
    "generality",
    "reactive",
    "no_business",
)
SIGNALS = (
    "clarity",
    "ownership",
    "technical_fluency",
    "execution",
    "business_impact",
    "leadership",
    "customer_focus",
    "ambiguity",
    "accountability",
    "proactivity",
)
PARTS = ("situation", "task", "action", "result")
FORMS = ("story", "pseudo_story", "opinion", "self_description")
"""How it is told: one past episode carries it; what one usually does or would do; a view; what one is."""
MARKERS = (
    "ambiguity",
    "decision_ownership",
    "end_to_end_accountability",
    "proactive_thinking",
    "customer_first",
)
"""What senior communication shows."""
OPENINGS = (
    # after an account of something done
    "before",
    "stakes",
    "served",
    "my_part",
    "own_idea",
    "options",
    "price",
    "steps",
    "detail",
    "hardest",
    "against",
    "others",
    "unknown",
    "outcome",
    "amount",
    "proof",
    "today",
    "reaction",
    "next_time",
    "occasion",
    # after a plan
    "plan_change",
    "plan_first",
    "plan_wrong",
    "plan_against",
    "plan_check",
    "plan_done",
    # after somebody told who they are and what they want
    "self_example",
    "self_origin",
    "self_here",
    "self_next",
    "self_lately",
)
"""What an interviewer may ask into next; docs/analysis.md says what each is."""
OF_THE_PAST = ("episode", "experience")
"""What a question may ask for that only something done answers (Analysis.asks)."""
OPEN_END = 0.7
"""How much `outcome` has to be wanted of a story until it is said that its end is missing: of 31 stories cut
off before their end 10 are, and of the same whole 1 (scripts/evaluate follow-ups)."""
KINDS = ("behavioural", "leadership", "technical", "execution", "situational", "intro", "other")
OWN_BANKS = ("stories", "asked-of-me")
"""Banks whose questions hold the person's own words, so that their sound stays in the session's folder."""
LEVELS = ("any", "junior", "mid", "senior")


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a bank, or one follow-up made from it.

    Attributes:
        signals: one to three of SIGNALS that the question probes.
        about: what the question is really about, in a sentence; the hint a person hears when lost.
        strong: what a strong answer to it shows, said to the person.
        level: one of LEVELS; "any" suits everybody.
        target_seconds: how long a good answer takes (s).
        follow_ups: what to ask next when the answer shows a pattern: pattern id to question text.
        deeper: what to ask next when nothing is missing: one of OPENINGS to question text.
        bank: name of the bank it comes from.
        follows: id of the question that this one follows up, "" for a question of its own.
    """

    id: str
    text: str
    kind: str = "behavioural"
    signals: tuple[str, ...] = ()
    about: str = ""
    strong: str = ""
    level: str = "any"
    target_seconds: int = 90
    follow_ups: Mapping[str, str] = field(default_factory=dict)
    deeper: Mapping[str, str] = field(default_factory=dict)
    bank: str = ""
    follows: str = ""

    @property
    def is_anybodys(self) -> bool:
        """Whether its words are the same for everybody. A follow-up may quote the answer, and some banks are
        the person's own; what they say lies nowhere outside the person's folders.
        """
        return not self.follows and self.bank not in OWN_BANKS


@dataclass(frozen=True, slots=True)
class StoryPart:
    """A stretch of the answer that is one of PARTS."""

    id: str
    start: float | None
    end: float | None
    text: str
    first_word: int
    last_word: int


ENOUGH_WORDS = 10
"""An answer of fewer words is too little to go by: nothing is found in it, and nothing of it compared."""
ASSERTED = 0.65
"""Confidence from which a pattern is asserted and not asked about, and costs points of the rubric; from which
a pattern or a signal counts for or against a story. What is called 0.65 is right about two times in three,
enough to act on (judgement)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One of PATTERNS, found: how sure (0 to 1), where, why it matters and what to say instead."""

    id: str
    confidence: float
    evidence: tuple[Span, ...]
    why: str
    advice: str


@dataclass(frozen=True, slots=True)
class SignalEvidence:
    """One of SIGNALS that the answer gives evidence for.

    Attributes:
        evidence: the words that show it, in order.
        confidence: how sure it is that the answer sends it, 0 to 1.
        by_rule: a rule knows some of these words; else only the learned scorer points at them.
        shown: how sure it is that the best of these words by themselves show it; the answer as a whole may
            send it all the same. 0 in sessions from before that was asked.
    """

    id: str
    evidence: tuple[Span, ...]
    confidence: float = 1.0
    by_rule: bool = True
    shown: float = 0.0


@dataclass(frozen=True, slots=True)
class Highlight:
    """Words among the strongest of the answer, worth saying back.

    Attributes:
        span: the words.
        confidence: how sure that is, 0 to 1.
        signals: those of SIGNALS that are shown by these words, the surest first.
    """

    span: Span
    confidence: float
    signals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Opening:
    """One of OPENINGS that the answer leaves open, so that it can be asked into.

    Attributes:
        wanted: how likely an experienced interviewer would choose it to ask next, 0 to 1.
        askable: how likely it makes sense here and was not told, 0 to 1.
    """

    id: str
    wanted: float
    askable: float


@dataclass(frozen=True, slots=True)
class RubricScore:
    """1 (not shown) to 4 (shown fully) for one quality, its reason in a sentence, and the words behind it."""

    id: str
    score: int
    why: str
    evidence: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Deed:
    """Something done that the answer tells, in words that can be said back: "tented the slab".

    Attributes:
        who: "i", "we", "team", or "passive" where nobody is named.
        did, do: the verb as it was said, and its dictionary form; "" where it says too little by itself.
        thing: what it was done to, with "the".
        measure: what it would be counted in: "errors", "time", "money", "people", or "" if that is not clear.
        mentions: how often the answer speaks of the thing.
    """

    who: str
    did: str
    do: str
    thing: str
    measure: str
    mentions: int
    first_word: int
    last_word: int


@dataclass(frozen=True, slots=True)
class Analysis:
    """Attributes:
    form: one of FORMS, or None where there was too little to go by.
    asks: what the question asks for: "episode", "experience", "would", "practice", "self" or "knowledge".
    shares: each of PARTS with its share (0 to 1) of the time that the parts take together.
    markers: those of MARKERS that are there, `id` being one of them.
    highlights: the strongest moments of the answer, best first.
    openings: what can be asked into next, what an interviewer would most likely choose first.
    """

    delivery: Delivery
    form: str | None = None
    asks: str = "episode"
    parts: tuple[StoryPart, ...] = ()
    shares: Mapping[str, float] = field(default_factory=dict)
    patterns: tuple[Finding, ...] = ()
    signals: tuple[SignalEvidence, ...] = ()
    markers: tuple[SignalEvidence, ...] = ()
    rubric: tuple[RubricScore, ...] = ()
    highlights: tuple[Highlight, ...] = ()
    openings: tuple[Opening, ...] = ()
    deeds: tuple[Deed, ...] = ()


@dataclass(frozen=True, slots=True)
class Feedback:
    """What the coach says after an answer.

    Attributes:
        spoken: all of it as it is said aloud, at most 25 s.
        written: the same for the eye, with what was said in quotation marks.
        strength: one thing that came across, or None where there was too little to go by.
        changes: at most two things to do differently.
        follow_up: what an interviewer would ask next, or None.
        follow_up_for: the pattern that the follow-up answers to, or None.
        follow_up_into: which of OPENINGS it asks into; None for a question of the bank's own.
    """

    spoken: str
    written: str = ""
    strength: str | None = None
    changes: tuple[str, ...] = ()
    follow_up: str | None = None
    follow_up_for: str | None = None
    follow_up_into: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer with everything known of it: the JSON of `greenroom analyze`.

    `source` names the file it came from, `seconds` is the length of the recording.
    """

    schema: int = SCHEMA
    id: str | None = None
    source: str | None = None
    question: str | None = None
    seconds: float | None = None
    transcript: Transcript
    delivery: Delivery
    form: str | None = None
    asks: str = "episode"
    parts: tuple[StoryPart, ...] = ()
    shares: Mapping[str, float] = field(default_factory=dict)
    patterns: tuple[Finding, ...] = ()
    signals: tuple[SignalEvidence, ...] = ()
    markers: tuple[SignalEvidence, ...] = ()
    rubric: tuple[RubricScore, ...] = ()
    highlights: tuple[Highlight, ...] = ()
    openings: tuple[Opening, ...] = ()
    deeds: tuple[Deed, ...] = ()
    feedback: Feedback


def how_wanted(openings: Sequence[Opening], id: str) -> float:
    """How likely an interviewer would ask into one of OPENINGS, 0 to 1; 0 where it is not open."""
    return next((opening.wanted for opening in openings if opening.id == id), 0.0)


def findings_of(holder: Analysis | Answer) -> dict[str, Any]:
    """The fields of an analysis by name, from one or from an answer that holds them."""
    return {each.name: getattr(holder, each.name) for each in fields(Analysis)}


@dataclass(frozen=True, slots=True)
class Timing:
    """When each stage was done, in seconds from the start of the answer's recording; None if it was not."""

    speech_end: float | None = None
    decided: float | None = None
    transcribed: float | None = None
    analysed: float | None = None
    feedback_started: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn(Answer):
    """A question and its answer, as saved in session.json: an `Answer`, where it lies and how it went.

    Attributes:
        number: from 1; also the number in the names of its files.
        asked: the whole record of the question; `question` holds only its words.
        recording: file name of the answer's sound inside the session's folder; None if nothing was recorded.
            An answer begun by voice and then typed has both.
        question_recording: file name of the question's sound, None if it was not spoken.
        ended_by: "silence", "key", "limit", "stall" or "typed"; "interrupted" where the program died in it,
            and what was kept of it was read later.
        follow_up_to: number of the turn that this one follows up, or None.
        retry_of: number of the turn whose question is answered once more, after its feedback; or None.
        overflowed: whether the microphone lost samples.
        silences: its pauses, and the silence that ended it.
        reopened: how often it was ended and then taken back by speech.
        self_rating: how the person thought it went, 1 to 4, given before any feedback; None if not given.
        answered_at: when it was answered (ISO 8601 with the time zone), where that was in a later sitting
            than the session's (`greenroom retake`); "" otherwise.
        gaps: where its recording goes on with what came after the microphone had been lost (s).
    """

    number: int
    asked: Question
    recording: str | None
    question_recording: str | None = None
    ended_by: str
    timing: Timing
    follow_up_to: int | None = None
    retry_of: int | None = None
    overflowed: bool = False
    silences: tuple[Silence, ...] = ()
    reopened: int = 0
    self_rating: int | None = None
    answered_at: str = ""
    gaps: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question that was skipped, not answered, or whose answer was not analysed before the end.

    The question that is being asked is here as well, as interrupted: so it stands when the program dies.
    `reason` is "skipped", "silence" or "interrupted"; `recording` names what was recorded, if anything.
    """

    number: int
    question: str
    asked: Question
    reason: str
    recording: str | None = None


@dataclass(frozen=True, slots=True)
class Reanalysis:
    """A session was read again, with another version of greenroom or other weights.

    Attributes:
        at: ISO 8601 with the time zone.
        rules: fingerprint of the rules and of the learned scorer that read it.
        engine, model: what transcribed its recordings; "" where the words were kept as they were.
        earlier: file inside the session's folder that holds session.json as it was before.
    """

    at: str
    greenroom: str
    rules: str
    engine: str
    model: str
    earlier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One interview.

    Attributes:
        started_at: ISO 8601 with the time zone.
        settings: those it ran with, by the names of the command line's options.
        finished: whether it came to its end, rather than being quit or interrupted.
        greenroom: the version that made it.
        reanalyses: how often it was read again since, the latest last.
        plan: the questions it was to ask, in their order, without follow-ups; () where that was not kept.
    """

    schema: int = SCHEMA
    id: str
    started_at: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    turns: tuple[Turn, ...] = ()
    unanswered: tuple[Unanswered, ...] = ()
    finished: bool = False
    greenroom: str = ""
    reanalyses: tuple[Reanalysis, ...] = ()
    plan: tuple[Question, ...] = ()
