"""Forms of contests: stored, changed, published. The last version is in force."""
