"""Preparation: the person's own stories, the weeks until the interview, and what really happened there."""
