"""The moved face drawn: layers, mesh, eyes, lids and mouth."""
