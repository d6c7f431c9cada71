"""What a face is: its points and triangles, measures, pose, a standard face, and poses made of it."""
