"""A story told aloud or typed, and what it says put into its parts."""
