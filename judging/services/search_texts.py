"""The search columns of applications and experts: which texts they are put together from."""

from collections.abc import Iterable

from judging.domain.collation import search_key
from judging.models import Application


def application_text(number: str | None, title: str, cluster: str, initiator: str = "", inn: str = "") -> str:
    """Return the search key of an application: its number, title and cluster, the initiator's name and ИНН."""
    return search_key(" ".join(filter(None, (number, title, cluster, initiator, inn))))


def index_application(application: Application) -> None:
    """Refresh what a search looks through, of an application whose cluster and initiator are what they now are."""
    application.search_text = text_of(application, application.number)


def text_of(application: Application, number: str | None) -> str:
    """Return the search key of an application that has, or is about to get, this number."""
    initiator = application.initiator
    legal = (initiator.name, initiator.inn) if initiator else ()
    return application_text(number, application.title, application.cluster.name, *legal)


def expert_text(name: str, email: str, employer: str = "", topics: Iterable[str] = ()) -> str:
    """Return the search key of an expert: name, address, employer and ОКВЭД2 codes."""
    return search_key(" ".join(filter(None, (name, email, employer, *topics))))
