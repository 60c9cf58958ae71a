"""Rules in ready sentences: what a person puts together from fields and words, without the language of rules.

A condition is a list of rows (:mod:`.conditions`), a check one of a few sentences (:mod:`.ready`). Each writes its
rule, and is read back from it: what is stored is the rule alone. A rule that no sentence fits is none of them, and is
shown as it is.
"""

from judging.domain.sentences.conditions import Condition as Condition
from judging.domain.sentences.conditions import Conditions as Conditions
from judging.domain.sentences.conditions import Sign as Sign
from judging.domain.sentences.conditions import read_conditions as read_conditions
from judging.domain.sentences.conditions import write_conditions as write_conditions
from judging.domain.sentences.literals import Literal as Literal
from judging.domain.sentences.ready import Compares as Compares
from judging.domain.sentences.ready import Holds as Holds
from judging.domain.sentences.ready import Months as Months
from judging.domain.sentences.ready import Once as Once
from judging.domain.sentences.ready import Ready as Ready
from judging.domain.sentences.ready import Rows as Rows
from judging.domain.sentences.ready import Sentence as Sentence
from judging.domain.sentences.ready import Share as Share
from judging.domain.sentences.ready import Sums as Sums
from judging.domain.sentences.ready import Within as Within
from judging.domain.sentences.ready import plainest as plainest
from judging.domain.sentences.ready import read_sentence as read_sentence
from judging.domain.sentences.ready import write_sentence as write_sentence
