"""The worker process: driver frame -> observe -> animate -> compose -> publish, one process a source."""
