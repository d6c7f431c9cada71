"""The worker process, one per source: driving frame -> observe -> animate -> compose -> publish."""
