"""The part that runs inside OBS. Standard library and obspython only, in Python 3.8 syntax; OBS's threads never wait here.

The modules in `kept` stay for the life of the process; a reload of the script replaces everything else.
"""
