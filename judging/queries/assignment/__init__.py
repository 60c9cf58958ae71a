"""Reading who judges what: places and loads, the board from both sides, candidates, progress, divergences."""
