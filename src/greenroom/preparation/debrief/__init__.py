"""What really happened in an interview, and what to try next."""
