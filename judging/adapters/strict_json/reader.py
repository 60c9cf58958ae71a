"""Reading a document in pieces, so that a fault in one piece does not hide the faults of another."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol, TypeVar

from pydantic import TypeAdapter, ValidationError

from judging.adapters.strict_json.bounds import ENOUGH_FAULTS, MOST_KEYS, TOO_MANY, long_lists, told
from judging.adapters.strict_json.faults import faults_of
from judging.adapters.strict_json.notation import path_text
from judging.adapters.strict_json.pieces import Pieces
from judging.domain.errors import Fault, Refused

T_co = TypeVar("T_co", covariant=True)
Translate = Callable[..., Iterator[Fault]]


class Model(Protocol[T_co]):
    """What every model of the schema can do: give the value it stands for."""

    def value(self) -> T_co:
        """Return the value of the domain."""


class Reader:
    """Reads pieces and keeps the faults it met; ``order``: in which they are told."""

    def __init__(self, faults: Iterable[Fault], order: Callable[[Fault], Any]) -> None:
        self.faults, self._order = list(faults), order

    def piece(
        self, adapter: TypeAdapter[Any], raw: object, *place: str | int, translate: Translate = faults_of
    ) -> Any | None:
        """Read one object; where it does not fit, note why and return None."""
        long = [Fault(path_text(*place, name), TOO_MANY, {"most": MOST_KEYS}) for name in long_lists(raw)]
        if long:
            self.faults += long
            return None
        model: Model[Any] | None = self.fitting(adapter, raw, *place, translate=translate)
        return model and model.value()

    def fitting(
        self, adapter: TypeAdapter[Any], raw: object, *place: str | int, translate: Translate = faults_of
    ) -> Any | None:
        """Return the model of an object; where it does not fit, note why and return None."""
        try:
            return adapter.validate_python(raw)
        except ValidationError as error:
            self.faults += translate(error, *place)
            if len(self.faults) > ENOUGH_FAULTS:
                raise Refused(told(sorted(self.faults, key=self._order))) from None
            return None

    def pieces(
        self, adapter: TypeAdapter[Any], parent: dict[str, Any], *place: str, translate: Translate = faults_of
    ) -> Pieces[Any]:
        """Read the list that stands under the last name of ``place`` in ``parent``."""
        raw = parent.get(place[-1])
        items = raw if isinstance(raw, list) else []
        values = tuple(
            self.piece(adapter, item, *place, index, translate=translate) for index, item in enumerate(items)
        )
        return Pieces(".".join(place), isinstance(raw, list), items, values)
