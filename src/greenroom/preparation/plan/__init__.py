"""The weeks until the interview, measured from what exists."""
