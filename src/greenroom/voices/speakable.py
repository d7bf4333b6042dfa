"""Text made ready for a speech engine: what is written for the eye becomes what is said aloud.

Engines read some characters out ("asterisk", "underscore"), stumble over others, and two of them take some
text as commands: SAPI reads a text that begins with "<" as XML, the macOS synthesizer obeys "[[...]]".
"""

from __future__ import annotations

import re
import unicodedata

_SPELLED = ("QA", "UX", "FAQ", "OKR", "SLO", "ETA", "ROI", "POC", "UAT", "ERP")
"""espeak-ng reads these as words: "ka", "ux", "roy"; Piper takes its pronunciation from it."""

_NUMBER = r"\d+(?:[.,]\d+)*"
_MONEY = re.compile(
    rf"([$€£])\s?({_NUMBER}(?:\s?[–-]\s?{_NUMBER})?)(?!\d)"
    r"(?:\s?(k|m|bn?)\b|\s(thousand|million|billion)\b)?",
    re.IGNORECASE,
)
_CURRENCIES = {"$": "dollar", "€": "euro", "£": "pound"}
_MAGNITUDES = {"k": "thousand", "m": "million", "b": "billion", "bn": "billion"}

_SUBSTITUTIONS: tuple[tuple[str, str], ...] = (
    # Markup: the words of a link, and lists and headings without their marks.
    (r"!?\[([^\]]*)\]\([^)\s]*\)", r"\1"),
    (r"(?m)^\s*(?:[-*+•]|#{1,6}|>)\s+", ""),
    (r"(?m)^\s*\d{1,2}[.)]\s+(?=\S)", ""),
    # A line is a sentence, unless its end already says otherwise.
    (r"(?<=[^\s.,;:!?…—–-])[ \t]*\n\s*\n*", ". "),
    # Abbreviations that engines spell out, or take for the end of a sentence.
    (r"\b(Dr|Mr|Mrs|Prof|St)\.(?=\s+[A-Z])", r"\1"),
    (r"\bMs\b\.?(?=\s+[A-Z])", "Miz"),
    (r"\bNo\.\s?(?=\d)", "number "),
    (r"\bapprox\.", "approximately"),
    (r"\be\.\s?g\.,?", "for example"),
    (r"\bi\.\s?e\.,?", "that is"),
    (r"\betc\.(?=\s*$|\s+[A-Z])", "et cetera."),
    (r"\betc\b\.?", "et cetera"),
    (r"\bvs\b\.?", "versus"),
    (r"\bw/o\b", "without"),
    (r"\band/or\b", "or"),
    # Words that engines read as one where people spell them, and names that they spell.
    *((rf"\b{letters}(?=s?\b)", " ".join(letters)) for letters in _SPELLED),
    (r"\bk8s\b", "Kubernetes"),
    (r"\bPostgreSQL\b", "Postgres"),
    # Measures.
    (rf"(?<![\w.,])({_NUMBER})k\b", r"\1 thousand"),
    (r"(?<=\d)\s?ms\b", " milliseconds"),
    (r"(?<=\w)/(?:s|sec)\b", " per second"),
    (r"(?<=\w)/(minute|hour|day|week|month|year)\b", r" per \1"),
    (r"\b24/7\b", "24 7"),
    (r"\b([A-Z]{2,})/(?=[A-Z]{2,}\b)", r"\1 "),
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

    Words, figures and sentence marks stay as they are; only how they are set apart changes, and what engines
    misread is written as it is said.
    """
    kept = "".join(_spoken(character) for character in unicodedata.normalize("NFC", text.strip()))
    kept = _MONEY.sub(_money, kept)
    for pattern, replacement in _COMPILED:
        kept = pattern.sub(replacement, kept)
    kept = kept.strip()
    return kept if re.search(r"\w", kept) else ""


def _money(found: re.Match[str]) -> str:
    """The sum as it is said: engines read "$40k" as "dollar forty k"."""
    sign, number, letter, word = found.groups()
    magnitude = word or _MAGNITUDES.get((letter or "").lower(), "")
    unit = _CURRENCIES[sign] + ("" if number == "1" and not magnitude else "s")
    return " ".join(filter(None, (number, magnitude, unit)))


def _spoken(character: str) -> str:
    """The character, or what stands for it: control characters end C strings, emoji are read out by name."""
    if character == "\n":
        return character
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    return " " if category in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp", "So") else character
