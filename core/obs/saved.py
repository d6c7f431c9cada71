"""What OBS would save about its sources now, which is all that can be known without a callback under OBS's locks."""

import json
from typing import Any, Dict, List

from .kept import libobs


def sources() -> List[Dict[str, Any]]:
    """Return all public sources, scenes and groups, each as in a scene collection's file."""
    array = libobs.save_sources()
    try:
        return [_parsed(libobs.data_array_item(array, index)) for index in range(libobs.data_array_count(array))]
    finally:
        libobs.data_array_release(array)


def _parsed(data: int) -> Dict[str, Any]:
    try:
        return json.loads(libobs.data_get_json(data).decode("utf-8", "replace"))
    finally:
        libobs.data_release(data)
