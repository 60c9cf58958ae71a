"""``make attack``: hostile files, workbooks, archives and clients are sent to a real server of their own, on loopback.

While each is being answered an expert saves a sheet again and again: the saves must go on. What was tried, how it was
answered, in how many seconds, with how much more memory, and how slow the slowest save was stand in a table. A group
of attacks is a module of :mod:`tests.attack.groups` with a function ``attacks(site)``.
"""
