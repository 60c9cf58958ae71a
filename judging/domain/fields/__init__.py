"""The rules of fields: what a text, a number, a telephone, a code may be, and how its spellings are read.

One set for web, archive, imports and commands. Every reader takes what was typed, gives the value or the text as it is
stored, and raises :class:`~judging.domain.errors.Unfit` with a sentence fit for the person. What needs a library is in
:mod:`judging.adapters.addresses` (e-mail) and :mod:`judging.adapters.identifiers` (ИНН, ОГРН).
"""
