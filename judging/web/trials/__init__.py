"""Trial contests: made, walked through, looked at and wiped."""
