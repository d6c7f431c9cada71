"""What OBS itself delivers to a worker: pictures of another source that drives the avatar."""
