"""The demonstration contests: authored content in TOML and the code that makes archives and documents of it."""
