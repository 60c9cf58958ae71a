"""An expert's reviews."""
