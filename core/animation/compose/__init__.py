"""The finished picture: which of the avatar's pictures, before which background, in which shape, with the badge last."""
