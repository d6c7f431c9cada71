"""How a face is found in a picture and followed from frame to frame, for every engine."""
