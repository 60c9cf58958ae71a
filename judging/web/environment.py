"""Jinja's environment, the same as Flask's but for one thing that a page of many components pays for.

A page imports a dozen components, and for each Jinja asks whether the page has globals that the component has not. The
map of globals that it makes by default, a ``ChainMap``, answers that in Python: a twentieth of a small page.
"""

from collections.abc import MutableMapping
from typing import Any

from flask.templating import Environment as FlaskEnvironment


class Environment(FlaskEnvironment):
    """Templates whose globals are those of the application; no template of the product brings its own."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the globals of a template: the application's own map, where it brings none of its own."""
        return super().make_globals(d) if d else self.globals
