"""Known stories recognised in any answer, and new ones offered to be kept."""
