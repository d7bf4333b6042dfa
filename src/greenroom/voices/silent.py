"""The voice that says nothing: what it would say is read on the screen."""

from __future__ import annotations


class SilentVoice:
    """Makes no sound."""

    name = "silent"

    def render(self, text: str) -> None:  # noqa: ARG002 - what the text is makes no difference
        """Nothing, whatever the text."""
        return


def load_silent(which: str = "", rate_wpm: int = 0) -> SilentVoice:  # noqa: ARG001 - silence is silence
    """The silent voice."""
    return SilentVoice()
