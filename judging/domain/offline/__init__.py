"""Score sheets filled without a connection: what may be written where, what a file that came back says, and the proof
that it is the system's own.
"""
