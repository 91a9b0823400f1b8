"""The live preview and the player."""
