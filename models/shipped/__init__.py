"""The model files that ship, checked and opened. What they are and where they come from: NOTICE.md."""
