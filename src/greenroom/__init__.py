"""greenroom: a voice-based live mock interviewer that runs entirely on this computer."""

__version__ = "0.1.0"
