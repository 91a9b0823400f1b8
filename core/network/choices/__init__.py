"""What can be chosen of a network: what it is called, and what goes together."""
