"""What goes wrong for a user, in words. Standard library only.

All exceptions with such words have one base, so that whoever stands between the product and the user (the command line,
the worker, the dock page) needs to know of no other.
"""


class UserError(Exception):
    """The message says in a sentence what is wrong, and how to cure it. It is shown without a traceback."""


class UsageError(UserError):
    """The command line itself is at fault, such as a value out of its range."""
