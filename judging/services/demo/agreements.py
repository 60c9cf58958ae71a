"""What the experts of the demonstration's open contest agree to: two texts, accepted by all of them but one."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import CONSOLE, Actor, By
from judging.domain.agreements import Agreement
from judging.models import Contest, Expert
from judging.queries.agreements import asked_of
from judging.services.agreements import AgreementChange, accept_agreements, add_agreement, force_drafts

AWAITED = 1
"""The place, among the experts beside the demonstration's own, of the one who has accepted nothing yet."""
ADDRESS = "192.0.2.{number}"
"""Of the network that is kept for examples (RFC 5737)."""
TEXTS = (
    Agreement(
        "secrecy",
        "Соглашение эксперта о конфиденциальности",
        "Эксперт получает доступ к заявкам участников конкурсного отбора, их финансово-экономическим моделям и "
        "приложенным документам. Эти сведения могут составлять коммерческую тайну участников.\n\n"
        "**Эксперт обязуется:**\n"
        "- использовать сведения из заявок только для подготовки экспертного заключения;\n"
        "- не передавать заявки, документы и сведения из них третьим лицам, в том числе по месту основной работы;\n"
        "- не сообщать участникам конкурса, другим экспертам и третьим лицам свои оценки до опубликования итогов;\n"
        "- не хранить копии документов дольше, чем этого требует оценка, и удалить их не позднее 10 рабочих дней "
        "после отправки последнего заключения;\n"
        "- сообщить секретарю конкурса о каждом случае, когда сведения могли стать известны посторонним.\n\n"
        "Обязательства о неразглашении действуют в течение **трёх лет** со дня опубликования итогов конкурсного "
        "отбора. Они не распространяются на сведения, которые участник раскрыл сам или обязан раскрывать по закону.\n\n"
        "За разглашение эксперт отвечает по законодательству Российской Федерации о коммерческой тайне.",
        "Confidentiality agreement of an expert",
        "The expert uses what the applications contain for the review alone, passes it on to nobody and keeps no "
        "copies longer than the review takes.",
    ),
    Agreement(
        "personal-data",
        "Согласие эксперта на обработку персональных данных",
        "Даю согласие организатору конкурсного отбора на обработку моих персональных данных в целях проведения "
        "экспертизы заявок и составления протоколов.\n\n"
        "**Какие данные обрабатываются:**\n"
        "- фамилия, имя, отчество, место работы и должность, субъект Российской Федерации;\n"
        "- адрес электронной почты, коды ОКВЭД2, по которым я выступаю экспертом;\n"
        "- сведения о моих действиях в системе: время входа, сохранения и отправки оценок, сетевой адрес.\n\n"
        "Разрешённые действия: сбор, запись, систематизация, хранение, уточнение, использование, передача членам "
        "конкурсной комиссии, блокирование, удаление, с использованием средств автоматизации и без них. "
        "Участникам конкурса имя эксперта не сообщается.\n\n"
        "Согласие действует до истечения срока хранения документов конкурса. Его можно отозвать письменным заявлением "
        "на имя организатора; отправленные к этому времени заключения остаются в документах конкурса.",
        "Consent of an expert to the processing of personal data",
        "I consent to the processing of my name, post, region, e-mail address and of the records of my actions in the "
        "system, for as long as the papers of the contest are kept.",
    ),
)


def agree(session: Session, code: str, own: str, now: datetime) -> None:
    """Put the texts in force in the contest ``code``; ``own``: the address of the demonstration's expert."""
    contest = session.scalars(select(Contest).where(Contest.code == code)).one()
    for text in TEXTS:
        add_agreement(session, contest.id, AgreementChange(text), by=By(CONSOLE, now))
    force_drafts(session, contest, by=By(CONSOLE, now))
    session.flush()
    experts = session.scalars(select(Expert).where(Expert.contest_id == contest.id).order_by(Expert.id)).all()
    waits = [expert for expert in experts if expert.email != own][AWAITED]
    for place, expert in enumerate(experts):
        if expert is waits or expert.user_id is None:
            continue
        asked = {one.code: one.version.sha256 for one in asked_of(session, contest.id, expert.id)}
        actor = Actor(expert.user_id, expert.name, expert_ids=frozenset({expert.id}))
        accept_agreements(session, expert, asked, by=By(actor, now, ADDRESS.format(number=10 + place)))
        session.flush()
