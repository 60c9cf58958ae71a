"""A cluster team's applications and their documents."""
