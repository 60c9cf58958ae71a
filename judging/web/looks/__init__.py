"""Looks at marks before their time, and the list of them."""
