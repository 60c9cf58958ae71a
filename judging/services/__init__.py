"""Doing: one function a use case: load, ask the domain, change, record. Nothing here commits."""
