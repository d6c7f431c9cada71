"""Who is person and who is wall: mattes, for every engine."""
