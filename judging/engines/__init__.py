"""The mathematics: plain arrays in, plain arrays out; no database, no clock; the same on every run."""
