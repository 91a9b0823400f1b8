"""The voice of a lesson: who speaks it, what is said, and the sound that goes with the picture."""
