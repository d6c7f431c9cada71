"""What goes wrong with weights, in words."""

from core.shared.errors import UserError


class WeightsError(UserError):
    """The weights cannot be fetched, imported or used."""
