"""What stays for the life of OBS's process, however often the script is reloaded: OBS holds addresses of what is in here.

So an update while OBS runs replaces everything but this, and the new code must not work with the old: see `outdated`.
"""

import hashlib
from pathlib import Path


def _digest() -> bytes:
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.digest()


_LOADED = _digest()


def outdated() -> bool:
    """Return whether the files of this package are others than those that OBS's process has loaded."""
    try:
        return _digest() != _LOADED
    except OSError:
        return True
