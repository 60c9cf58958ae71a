"""Web servers: when a request had arrived whole, and the server of one process that slow clients cannot hold up.

``RECEIVED`` is the key of the WSGI environment under which a server notes the seconds of the epoch at which the kernel
had the last byte of the request; ``judging/web/clock.py`` reads it.
"""

RECEIVED = "judging.received"
