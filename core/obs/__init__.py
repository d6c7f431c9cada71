"""What runs inside OBS. Standard library and obspython only, in the syntax of Python 3.8; OBS's threads never wait here.

`libobs` and `bridge` stay for the life of the process; a reload of the script replaces everything else.
"""
