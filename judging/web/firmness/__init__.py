"""How firm the ranking is: advice for the staff beside the official places, never instead of them."""
