"""Forms of applications as files: ``application-form``, version 1, one JSON document.

``read_form`` turns bytes into a form or names every fault with its place, and for a rule its character; ``form_object``
is the form as a document again, in the one canonical way. Reading what was written gives the same form.
"""

from judging.adapters.forms.reading import read_form, read_form_object
from judging.adapters.forms.writing import form_object

__all__ = ["form_object", "read_form", "read_form_object"]
