"""The ranking: page, downloads, freezing, publishing."""
