"""Everything that a contest's staff decide of it before it begins, as one value: what is copied, and kept in a file."""
