"""The outside: files, mail, formats and registers; small modules that know nothing of the database."""
