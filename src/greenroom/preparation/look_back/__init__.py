"""Two questions after a mock interview, and what becomes of their answers."""
