"""The discussion of an application, the list of discussions of a contest, and their rules."""
