"""Score sheets filled without a connection: their places, what a file that came back says, and the proof of both."""
