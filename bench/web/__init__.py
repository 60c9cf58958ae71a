"""What the pages cost: processor time, queries, bytes, and how they grow with the contest."""
