"""``flask judging …``: work on a whole installation."""

from flask.cli import AppGroup

commands = AppGroup("judging", help="Work on a whole installation.")
