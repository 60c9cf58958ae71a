"""Templates of documents that the demonstration's open contest gives to its teams."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.adapters.filetypes.recognising import media_type
from judging.adapters.invented_files import invented_file
from judging.domain.access import By
from judging.models import Contest
from judging.services.forms.document_templates import NewTemplate, put_template

TEMPLATES = (
    ("business_plan", "Структура бизнес-плана.docx", "Бизнес-план: резюме, рынок, производство, финансы, риски"),
    ("financial_model", "Финансовая модель.xlsx", "Показатель; 2027; 2028; 2029; 2030; 2031"),
)
"""(document, file, what is in it)"""


def give_templates(session: Session, code: str, by: By) -> None:
    """Put the templates into their places."""
    contest = session.scalars(select(Contest).where(Contest.code == code)).one()
    for slot, name, words in TEMPLATES:
        content = invented_file(name.rpartition(".")[2], words)
        put_template(session, contest.id, slot, NewTemplate(name, media_type(name), content), by=by)
