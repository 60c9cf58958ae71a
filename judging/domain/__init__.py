"""The rules of the contest: values in, values out; standard library only, no clock and no randomness."""
