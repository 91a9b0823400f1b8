"""The mobjects that scenes share, the camera that paints them, and the one style."""
