"""Serves the dock page, which controls this worker's source and those of other workers, for OBS's Custom Browser Docks.

Nothing listens unless the setting `dock` is on, and then only on 127.0.0.1. docs/architecture.md explains how several workers
share one address.
"""
