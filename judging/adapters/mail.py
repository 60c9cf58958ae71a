"""Sending letters by SMTP."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from hashlib import sha256
from typing import Protocol
from urllib.parse import unquote, urlsplit

from judging.adapters.addresses import wire_address, wire_sender
from judging.domain.errors import Unfit

PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
TIMEOUT = 30.0


class MailRefused(Exception):
    """The letter was not taken; ``permanent`` where trying again is in vain."""

    def __init__(self, text: str, *, permanent: bool) -> None:
        super().__init__(text)
        self.permanent = permanent


class Transport(Protocol):
    """Something that takes letters."""

    def send(self, *, key: str, recipient: str, subject: str, body: str) -> None:
        """Hand over one letter; raise :class:`MailRefused`. The same ``key`` gives the same Message-ID."""


@dataclass(frozen=True)
class SmtpTransport:
    """One connection a letter: letters are few, and a broken connection spoils one only."""

    scheme: str
    host: str
    port: int
    user: str
    password: str
    sender: str

    @classmethod
    def from_url(cls, url: str, sender: str) -> "SmtpTransport":
        """Read ``smtp://user:password@host:port`` (also ``smtp+starttls`` and ``smtps``)."""
        parts = urlsplit(url)
        return cls(
            scheme=parts.scheme,
            host=parts.hostname or "localhost",
            port=parts.port or PORTS[parts.scheme],
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            sender=wire_sender(sender),
        )

    def send(self, *, key: str, recipient: str, subject: str, body: str) -> None:
        """Send one letter. A 5xx about this letter is permanent; anything else is worth another try."""
        try:
            message = compose(key=key, sender=self.sender, recipient=recipient, subject=subject, body=body)
            with self._connect() as server:
                server.send_message(message)
        except Unfit as unfit:
            raise MailRefused(f"{recipient}: {unfit}", permanent=True) from unfit
        except smtplib.SMTPRecipientsRefused as error:
            code, answer = next(iter(error.recipients.values()))
            raise _refused(code, answer) from error
        except smtplib.SMTPDataError as error:
            raise _refused(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPException, OSError) as error:
            raise MailRefused(f"{type(error).__name__}: {error}", permanent=False) from error

    def _connect(self) -> smtplib.SMTP:
        server: smtplib.SMTP
        if self.scheme == "smtps":
            server = smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT, context=ssl.create_default_context())
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
        if self.scheme == "smtp+starttls":
            server.starttls(context=ssl.create_default_context())
        if self.user:
            server.login(self.user, self.password)
        return server


def compose(*, key: str, sender: str, recipient: str, subject: str, body: str) -> EmailMessage:
    """The message as it goes out: plain text in UTF-8, a Message-ID that repeats with the key, no automatic answers."""
    message = EmailMessage()
    domain = parseaddr(sender)[1].partition("@")[2] or "localhost"
    message["Message-ID"] = f"<{sha256(key.encode()).hexdigest()[:32]}@{domain}>"
    message["Date"] = formatdate(localtime=False)
    message["From"], message["To"], message["Subject"] = sender, wire_address(recipient), subject
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body)
    return message


def _refused(code: int, answer: bytes | str) -> MailRefused:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return MailRefused(f"{code} {text}", permanent=500 <= code < 600)
