"""The editor of application forms: sections, fields, checks and points in words, versions, files, a preview."""
