"""Python and notebooks: what ``import backprop_studio`` offers, each in a file of its own."""
