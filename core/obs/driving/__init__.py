"""What OBS itself delivers to a worker: frames of another source that drives the avatar."""
