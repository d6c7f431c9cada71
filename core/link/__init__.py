"""Both ends of the connection between OBS and a worker. Standard library and Python 3.8 syntax only."""
