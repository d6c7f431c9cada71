"""Makes the finished picture: chooses the avatar's picture, background and shape, and puts the badge on last."""
