"""One story from its technical, its business and its leadership side."""
