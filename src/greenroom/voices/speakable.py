"""Text made ready for a speech engine: what is written for the eye becomes what is said aloud.

Engines read some characters out ("asterisk", "underscore"), stumble over others, and two of them take some
text as commands: SAPI reads a text that begins with "<" as XML, the macOS synthesizer obeys "[[...]]".
"""

from __future__ import annotations

import re
import unicodedata

_SUBSTITUTIONS: tuple[tuple[str, str], ...] = (
    # Markup: the words of a link, and lists and headings without their marks.
    (r"!?\[([^\]]*)\]\([^)\s]*\)", r"\1"),
    (r"(?m)^\s*(?:[-*+•]|#{1,6}|>)\s+", ""),
    (r"(?m)^\s*\d{1,2}[.)]\s+(?=\S)", ""),
    # A line is a sentence, unless its end already says otherwise.
    (r"(?<=[^\s.,;:!?…—–-])[ \t]*\n\s*\n*", ". "),
    # Abbreviations that engines spell out.
    (r"\be\.\s?g\.,?", "for example"),
    (r"\bi\.\s?e\.,?", "that is"),
    (r"\betc\.(?=\s*$|\s+[A-Z])", "et cetera."),
    (r"\betc\b\.?", "et cetera"),
    (r"\bvs\b\.?", "versus"),
    (r"\bw/o\b", "without"),
    (r"\band/or\b", "or"),
    # Ranges, arrows, and dashes between words, which are breaths.
    (r"(?<=\d)\s?[–—-]\s?(?=\d)", " to "),
    (r"\s*(?:→|->|=>)\s*", " to "),
    (r"\s*—\s*|\s+[–-]{1,3}\s+|--+", ", "),
    (r"–", "-"),
    # Three dots are a pause; at the end of the text, its end.
    (r"\s*(?:…|\.{2,})\s*$", "."),
    (r"\s*(?:…|\.{2,})(?=\s*[A-Z])", "."),
    (r"\s*(?:…|\.{2,})\s*", ", "),
    # Signs with a name, and signs between two words.
    (r"\s*&\s*", " and "),
    (r"#(?=\d)", "number "),
    (r"\b([A-Z])#", r"\1 sharp"),
    (r"~\s?(?=\d)", "about "),
    (r"(?<=[^\W\d])/(?=[^\W\d])", " or "),
    # An apostrophe inside a word stays; quotation marks go, and a full stop that they held apart closes up.
    (r"[‘’]", "'"),
    (r"(?<!\w)'|'(?!\w)|[\"“”„«»`]", ""),
    (r"[*_#<>\[\]{}|\\^~]+", " "),
    # Tidy what is left: no space before a stop, no two stops where one is meant.
    (r"\s+", " "),
    (r"\s+(?=[.,;:!?])", ""),
    (r"[,;:](?=[,;:.!?])", ""),
    (r"([.!?])[.,;:]+", r"\1"),
    (r"^[\s,;:.]+", ""),
    (r"\s*[,;:]\s*$", "."),
)
_COMPILED = tuple((re.compile(pattern), replacement) for pattern, replacement in _SUBSTITUTIONS)


def speakable(text: str) -> str:
    """`text` as a speech engine should get it: one line, no markup; "" if there is nothing to say.

    Words, numbers and sentence marks stay as they are; only how they are set apart changes.
    """
    kept = "".join(_spoken(character) for character in unicodedata.normalize("NFC", text.strip()))
    for pattern, replacement in _COMPILED:
        kept = pattern.sub(replacement, kept)
    kept = kept.strip()
    return kept if re.search(r"\w", kept) else ""


def _spoken(character: str) -> str:
    """The character, or what stands for it: control characters end C strings, emoji are read out by name."""
    if character == "\n":
        return character
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    return " " if category in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp", "So") else character
