"""Both ends of the way between OBS and a worker. Standard library, 3.8 syntax."""
