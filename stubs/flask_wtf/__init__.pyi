# What the product calls of Flask-WTF; tests/architecture/test_stubs.py compares it.
from .csrf import CSRFProtect as CSRFProtect
from .form import FlaskForm as FlaskForm
