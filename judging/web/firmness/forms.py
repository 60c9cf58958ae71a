"""The form that asks for a calculation."""

from judging.web.forms import Form


class CalculateForm(Form):
    """Have the report of a large contest calculated."""
