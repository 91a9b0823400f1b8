"""A torch model of one's own as a scene's ordinary parameters: data, no code."""
