"""A training step as it is told: its stage, its sentences, the way forward and back."""
