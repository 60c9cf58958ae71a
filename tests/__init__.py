"""The tests. Matrices are small: several threads a worker would wait for each other, so there is one, as in wsgi.py."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
