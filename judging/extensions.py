"""The Flask extensions, not yet bound to an application."""

from flask_babel import Babel
from flask_login import LoginManager
from flask_sqlalchemy_lite import SQLAlchemy
from flask_wtf import CSRFProtect

from judging.models.units import UnitOfWork

db = SQLAlchemy(session_options={"class_": UnitOfWork, "expire_on_commit": False})
babel = Babel()
login_manager = LoginManager()
csrf = CSRFProtect()
