"""Looking back: sessions found, replayed, reported, exported and compared."""
