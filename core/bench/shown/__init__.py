"""Shows what was measured as tables and charts."""
