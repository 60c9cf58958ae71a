"""What a PDF looks like: how many pages it has, and a picture of each, made in a process of its own within bounds."""

from judging.adapters.previews.pictures import MOST_PAGES, NoPicture, page_count, page_picture

__all__ = ["MOST_PAGES", "NoPicture", "page_count", "page_picture"]
