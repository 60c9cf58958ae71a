"""What somebody might send to stop the others: made when it is needed, never kept.

The tests hold the parsers against it one by one; ``bin/attack.py`` sends it to a server of its own and looks whether
the others' saves still answer. A bomb is built of one packed piece repeated, so making it costs nothing.
"""
