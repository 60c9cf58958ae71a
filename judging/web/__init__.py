"""HTTP: parse, check, call one service or query, answer. One package an area."""
