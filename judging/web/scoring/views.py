"""An expert's reviews: the queue, the declaration, the sheet, handing in, the receipt."""

from judging.web.scoring import closed, declaring, drafting, queue, sending
from judging.web.scoring.blueprint import blueprint

__all__ = ["blueprint", "closed", "declaring", "drafting", "queue", "sending"]
