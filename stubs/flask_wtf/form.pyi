from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from wtforms import Form

class FlaskForm(Form):
    # As in types-WTForms: whoever derives from it names a class of its own.
    Meta: ClassVar[type[Any]]
    def __init__(self, formdata: Any = ..., **kwargs: Any) -> None: ...
    def is_submitted(self) -> bool: ...
    def validate_on_submit(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool: ...
