"""Defines the base of all errors that are explained to the user. Standard library only.

All such exceptions share one base class, so that the code between the product and the user (the command line, the worker, the
dock page) need not know any other.
"""


class UserError(Exception):
    """An error for the user: its message says in a sentence what is wrong and how to fix it, and is shown without a
    traceback."""


class UsageError(UserError):
    """The command line itself is wrong, for example because a value is out of range."""
