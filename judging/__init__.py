"""Judging: a system for running a state competition of joint cluster projects."""
