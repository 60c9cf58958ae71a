"""The command line: ``flask contest …``, ``flask db …``, ``flask judging …``."""
