"""Changes settings of a source as OBS itself would: they are saved, and the panel shows them."""

from . import libobs


def change(source, values):
    """Changes these settings (text or yes/no) of the libobs source at that address; it has to live until this returns."""
    data = libobs.data_create()
    try:
        for key, value in values.items():
            if isinstance(value, bool):
                libobs.data_set_bool(data, key.encode(), value)
            else:
                libobs.data_set_string(data, key.encode(), value.encode())
        libobs.source_update(source, data)
    finally:
        libobs.data_release(data)
