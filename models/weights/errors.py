"""What goes wrong with weights, in words."""


class WeightsError(Exception):
    """The message is for the user: what is wrong, and how to cure it."""
