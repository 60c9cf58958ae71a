"""Checks of files on arrival: of the type that the name says, whole, open to everybody, and no trap.

What a browser says of a file's type is not asked: the name gives the type, the content has to agree, and downloads
carry the media type of this table. Everything is read within bounds, and nothing here needs the database.
"""

from judging.adapters.filetypes.faults import WrongFile
from judging.adapters.filetypes.recognising import TYPES, FileType, media_type, recognise, require_extension

__all__ = ["TYPES", "FileType", "WrongFile", "media_type", "recognise", "require_extension"]
