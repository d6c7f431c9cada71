"""Defines the error for whatever goes wrong with weights."""

from core.shared.errors import UserError


class WeightsError(UserError):
    """The weights cannot be downloaded, imported or used; the message is a sentence for the user."""
