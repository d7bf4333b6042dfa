"""Coaching: what to say after an answer, what to ask next, and a hint for whoever is lost."""

from .feedback import Coach

__all__ = ["Coach"]
