"""Fast: the same engine, written out for speed."""
