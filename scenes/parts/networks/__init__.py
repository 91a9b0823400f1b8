"""Mobjects of networks, layers and tensors."""
