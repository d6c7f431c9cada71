"""The built-in engine: tracked face landmarks move the picture, without a download or a graphics card."""
