"""Documents: frozen values in, bytes out."""
