"""The agreed score of an application: its lead, its draft, its submission and its return."""
