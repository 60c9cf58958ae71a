"""A contest in the hands of its secretary: create, edit, publish."""
