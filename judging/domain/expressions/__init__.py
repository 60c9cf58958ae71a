"""The language of the rules of a form: conditions, checks, formulas and the figures in their messages.

A rule is a text such as ``sum(stages.cost) == total_cost`` or ``requested <= cap and share(requested, total_cost) <=
50``. It is read and typed against the fields of a form before the form is published, and every fault is told with its
character (:class:`BadExpression`). What is published cannot fail any more:

- numbers and sums of money are exact (``Fraction``; money in kopecks), never floats;
- what is unanswered is *unknown*, and so is whatever depends on it, a division by nought and a number beyond all
  measure included; only ``and``, ``or`` and ``filled`` may know more than their parts;
- money, numbers, dates, texts and choices do not mix: a literal sum carries its unit (``150 000 000 ₽``, ``150 млн
  ₽``), a choice is compared with an option that exists.

Operators: ``or``, ``and``, ``not``, ``== != < <= > >=``, ``in (…)``, ``+ - * /``. Functions are in
:mod:`judging.domain.expressions.functions`. Names are the codes of fields; ``table.column`` is the list of a column's
values, ``row.column`` the value in the row at hand.
"""

from judging.domain.expressions.compiling import Expression as Expression
from judging.domain.expressions.compiling import compile_expression as compile_expression
from judging.domain.expressions.faults import BadExpression as BadExpression
from judging.domain.expressions.messages import Figure as Figure
from judging.domain.expressions.messages import Message as Message
from judging.domain.expressions.messages import compile_message as compile_message
from judging.domain.expressions.types import Kind as Kind
from judging.domain.expressions.types import Type as Type
