"""Stories held against the qualities of a role."""
