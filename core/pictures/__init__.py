"""Pictures as such: reading them from files, decoding and encoding them, framing a face in them."""
