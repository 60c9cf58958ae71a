"""A cluster team's work: its cluster, drafts, documents, submission and withdrawal."""
