"""``flask contest …``."""

from flask.cli import AppGroup

commands = AppGroup("contest", help="Load, dump and rank whole contests.")
