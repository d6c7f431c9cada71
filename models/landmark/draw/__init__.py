"""Drawing the moved face: layers, mesh, eyes, lids and mouth."""
