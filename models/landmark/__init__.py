"""The built-in engine: first-order motion with tracked face landmarks, no download, no graphics card."""
