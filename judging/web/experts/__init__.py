"""Experts of a contest and their conflicts."""
