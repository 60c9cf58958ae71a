"""``make faults``: a real server is killed at random moments while people save, upload and submit.

After every kill all that was acknowledged must be there, once; what was under way when the server died is sent again as
a browser does, and must be there once too.
"""
