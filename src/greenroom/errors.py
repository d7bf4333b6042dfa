"""What a person is shown when something goes wrong: one line, and one line of what to try.

Everything a person can cause or cure is a `UserError`; anything else is a defect and crashes visibly.
"""

from __future__ import annotations

# Exit statuses of the command line, a contract with scripts that call it.
EXIT_DONE = 0
EXIT_USAGE = 2
EXIT_BAD_INPUT = 3
EXIT_NO_DEVICE = 4
EXIT_NO_MODEL = 5
EXIT_INTERRUPTED = 130


class UserError(Exception):
    """A problem to be shown to the person as `error: message` and `try: hint`.

    Attributes:
        message: one line that says what is wrong, with the name of the thing it is about.
        hint: one line that says what to do next, or None where there is nothing to do.
        status: the exit status of the command line.
        details: further lines shown between message and hint (a list of devices, the faults of a bank).
    """

    status = 1

    def __init__(self, message: str, hint: str | None = None, *, details: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.details = details

    @property
    def sentence(self) -> str:
        """The message as a sentence of its own, with a capital and a full stop."""
        return f"{self.message[:1].upper()}{self.message[1:].rstrip('.')}."

    @property
    def lines(self) -> tuple[str, ...]:
        """As the person is shown it."""
        hint = (f"try: {self.hint}",) if self.hint else ()
        return (f"error: {self.message}", *(f"  {detail}" for detail in self.details), *hint)


class UsageError(UserError):
    """Wrong options or arguments."""

    status = EXIT_USAGE


class BadInputError(UserError):
    """A file, a question bank or a session that cannot be used."""

    status = EXIT_BAD_INPUT


class DeviceError(UserError):
    """No audio device, or one that was lost."""

    status = EXIT_NO_DEVICE


class ModelError(UserError):
    """A model or a voice that is missing, damaged, or does not run here."""

    status = EXIT_NO_MODEL
