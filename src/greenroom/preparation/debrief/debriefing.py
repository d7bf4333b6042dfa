"""The conversation about a real interview: after each reply the file holds all that was said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from greenroom.answering import Quit
from greenroom.config import PracticeSettings
from greenroom.errors import BadInputError
from greenroom.preparation.debrief import debrief_words as words
from greenroom.preparation.debrief.asked_bank import Added, add_questions, guessed
from greenroom.preparation.debrief.debrief_lines import LookedAt, spoken
from greenroom.preparation.debrief.debrief_look import look_at
from greenroom.preparation.debrief.debriefs import DEBRIEF_FILE, Debrief, Retold, read_debrief, save_debrief
from greenroom.preparation.dialogue import Dialogue, continued, dialogue
from greenroom.preparation.places import debriefs_folder, default_data
from greenroom.records import Question, Turn
from greenroom.timed_writing import in_time

WELCOME = (
    "Let us go through your interview once, while it is fresh. "
    "Leave out whatever you like, and stop whenever you like: what you have told stays."
)
AGAIN = "Let us go on where you stopped."
COMPANY = Question("company", "Which company was it?", "other", about="The name is enough.")
ROUND = Question(
    "round",
    "Which round was it, and whom did you talk to?",
    "other",
    about="Such as: the second, with the team lead.",
)
FIRST = Question(
    "first-question",
    "What was the first question they asked you? Only the question, as you remember it.",
    "other",
    about="Say it roughly as they said it. How you answered it comes next.",
)
NEXT = Question(
    "next-question",
    "What did they ask next? If there was nothing more, say: that was all.",
    "other",
    about="The next question that you remember. That was all, or the key s, ends the list.",
)
RETELL = "Tell me how you answered this one."
FELT = Question(
    "felt",
    "How did it feel, and is there anything that you would say differently now?",
    "other",
    about="In your own words. Nobody reads it but you.",
)
OUTCOME = Question(
    "outcome",
    "Do you know yet how it ended? If so, tell me what they said about it. If not, say: not known yet.",
    "other",
    about="Whatever they told you: about the decision, the role, or how they decide.",
)
KEPT = "What you told so far is kept. To go on: greenroom debrief --resume {name}"
NOT_ALL_KEPT = (
    "Not all that you told is in {file}. To go on from what is there: greenroom debrief --resume {name}"
)
TRIED_AGAIN = "{fault} Go on, please: it is tried again with every answer."
BANK_AS_IT_IS = "Your private bank is left as it is: {fault}"

_MOST_QUESTIONS = 40  # more than any interview has; a list that never ends is a noise taken for words


@dataclass(frozen=True, slots=True)
class Given:
    """What was said on the command line, and is not asked for any more; "" where it was not said."""

    company: str = ""
    round: str = ""
    outcome: str = ""


def hold_debrief(settings: PracticeSettings, given: Given, resumed: Debrief | None = None) -> LookedAt | None:
    """Hold the conversation; what it shows, or None where the person left before its end.

    Args:
        resumed: a debrief that was begun earlier: what it has is not asked for again.

    Raises:
        UserError: something keeps it from beginning.
    """
    data = settings.data or default_data()
    try:
        conversation, added = _held(settings, data, given, resumed)
    except Quit:
        return None
    if not conversation.all_written():
        conversation.tell_how_to_go_on()
        return look_at(data, conversation.debrief, added)
    # With what was heard when its last answers were listened to again.
    told, _ = read_debrief(conversation.debrief.folder)
    return look_at(data, told or conversation.debrief, added)


def _held(
    settings: PracticeSettings, data: Path, given: Given, resumed: Debrief | None
) -> tuple[Conversation, Added | None]:
    """The conversation after its end, and what became of its questions; who leaves is told how to go on."""
    if resumed is not None:
        opened = continued(settings, resumed.folder)
    else:
        opened = dialogue(settings, debriefs_folder(data), given.company or "debrief")
    conversation: Conversation | None = None
    try:
        with opened as talk:
            debrief = resumed or Debrief(talk.folder, finished=False)
            conversation = Conversation(talk, _filled(debrief, given), outcome_known=bool(given.outcome))
            return conversation, conversation.run(data, again=resumed is not None)
    except BaseException:
        if conversation is not None:  # by now room may have been made
            conversation.tell_how_to_go_on()
        raise


class Conversation:
    """One interview told: what it was, question after question, how it felt, how it ended.

    Attributes:
        debrief: what was told so far, on the disk as it stands here, as far as the disk takes it.
    """

    def __init__(self, talk: Dialogue, debrief: Debrief, *, outcome_known: bool = False) -> None:
        self.debrief = debrief
        self._talk = talk
        self._begun = self._written = self._refused = False
        self._outcome_known = outcome_known or debrief.outcome != "unknown" or bool(debrief.said)

    def run(self, data: Path, *, again: bool = False) -> Added | None:
        """From where it stands to the end; what became of the questions in the private bank.

        Raises:
            answering.Quit: the person wants to leave. What was said until then is on the disk, if it took it.
            BadInputError: nothing can be written at the beginning.
        """
        in_time(partial(save_debrief, self.debrief), self._file)
        self._begun = self._written = True
        self._talk.say(AGAIN if again else WELCOME)
        if not self.debrief.company:
            self._ask(COMPANY, lambda turn: self._keep(company=words.name_in(turn.transcript.text)))
        if not self.debrief.round:
            self._ask(ROUND, lambda turn: self._keep(round=words.round_in(turn.transcript.text)))
        if not self.debrief.felt:
            self._go_through_questions()
            self._ask(FELT, lambda turn: self._keep(felt=turn.transcript.text))
        if not self._outcome_known:
            self._ask(OUTCOME, self._keep_outcome)
        added = self._join_bank(data)
        for sentence in spoken(look_at(data, self.debrief, added)):
            self._talk.say(sentence)
        return added

    def all_written(self) -> bool:
        """Whether all that was told is in its file; tried again where it was not."""
        return self._written or self._write()

    def tell_how_to_go_on(self) -> None:
        """Say whether what was told is kept; nothing where nothing was begun."""
        if self._begun:
            told = KEPT if self.all_written() else NOT_ALL_KEPT
            self._talk.stages.screen.note(told.format(file=self._file, name=self._talk.folder.name))

    def _go_through_questions(self) -> None:
        """One question and its answer after the other, until there are no more."""
        if self.debrief.questions and not self.debrief.questions[-1].retold:  # the person left at this one
            self._retell()
        while len(self.debrief.questions) < _MOST_QUESTIONS:
            turn = self._ask(NEXT if self.debrief.questions else FIRST, self._note_question)
            if turn is None or words.no_more(turn.transcript.text):
                return
            self._retell()

    def _note_question(self, turn: Turn) -> None:
        text = turn.transcript.text.strip()
        if text and not words.no_more(text):
            self._keep(questions=(*self.debrief.questions, Retold(words.question_in(text))))

    def _retell(self) -> None:
        """The last question once more, and how it was answered."""
        question = guessed(self.debrief.questions[-1].asked)
        self._talk.say(RETELL)
        self._ask(question, self._keep_retold)

    def _keep_retold(self, turn: Turn) -> None:
        *before, last = self.debrief.questions
        told = replace(last, retold=turn.transcript.text, answer=turn.number)
        self._keep(questions=(*before, told))

    def _keep_outcome(self, turn: Turn) -> None:
        text = turn.transcript.text.strip()
        more = () if not text or words.says_only_open(text) else (text,)
        self._keep(outcome=words.outcome_in(text), said=(*self.debrief.said, *more))

    def _ask(self, question: Question, keep: Callable[[Turn], None]) -> Turn | None:
        """Ask, and keep the reply at once: also the one at which the person left."""
        before = {turn.number for turn in self._talk.session.turns}
        try:
            turn = self._talk.ask(question)
        except Quit:
            for last in self._talk.session.turns:
                if last.number not in before:
                    keep(last)
            raise
        if turn is not None:
            keep(turn)
        return turn

    def _keep(self, **told: object) -> None:
        self.debrief = replace(self.debrief, **told)  # type: ignore[arg-type]
        self._write()

    def _write(self) -> bool:
        """Whether the file takes it; that it does not is said once, and ends no conversation."""
        try:
            in_time(partial(save_debrief, self.debrief, keep_earlier=False), self._file)
        except (OSError, BadInputError) as error:  # a folder that is locked cannot even be asked
            self._written = False
            if not self._refused:
                self._refused = True
                why = error if isinstance(error, BadInputError) else BadInputError(f"{self._file}: {error}")
                self._talk.stages.screen.note(TRIED_AGAIN.format(fault=why.sentence))
            return False
        self._written = True
        return True

    @property
    def _file(self) -> Path:
        return self.debrief.folder / DEBRIEF_FILE

    def _join_bank(self, data: Path) -> Added | None:
        try:
            return add_questions(data, [each.asked for each in self.debrief.questions])
        except BadInputError as fault:  # the person's own file: theirs to mend, and the debrief is all there
            self._talk.stages.screen.note(BANK_AS_IT_IS.format(fault=fault.message))
            return None


def _filled(debrief: Debrief, given: Given) -> Debrief:
    return replace(
        debrief,
        company=given.company or debrief.company,
        round=given.round or debrief.round,
        outcome=given.outcome or debrief.outcome,
    )
