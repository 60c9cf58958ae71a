"""The production calendar: the years that are known, and what an administrator adds to them."""
