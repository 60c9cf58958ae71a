"""Pages of any form of applications: from a section of the form to the page that asks it, and back to typed answers.

:mod:`kinds` is the table of what each kind of field is on a page; :mod:`building` makes the WTForms form of a section,
:mod:`reading` says what of it can be kept, :mod:`words` says answers as people read them, :mod:`finding_words` what is
found. Nothing here knows of applications, contests or the database.
"""
