"""The engines that move a picture, and the model files they need."""
