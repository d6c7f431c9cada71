"""The dock page: a page of this worker's (and the other sources' workers') for OBS's Custom Browser Docks.

Nothing listens unless the setting `dock` is on; then on 127.0.0.1 only. docs/architecture.md tells how several workers share
one address.
"""
