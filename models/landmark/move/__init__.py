"""A driver's motion put onto the avatar's own face."""
