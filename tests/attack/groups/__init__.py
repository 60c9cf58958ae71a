"""Groups of attacks, one module each; a new one is listed here."""

from collections.abc import Callable, Iterator, Mapping

from tests.attack.groups import archives, files, forms, slow, visitors, workbooks
from tests.attack.target import Attack, Target

GROUPS: Mapping[str, Callable[[Target], Iterator[Attack]]] = {
    "files": files.attacks,
    "workbooks": workbooks.attacks,
    "archives": archives.attacks,
    "forms": forms.attacks,
    "visitors": visitors.attacks,
    "slow": slow.attacks,
}
