"""The window's panels. Each knows the state and none knows another; gui/window.py lists them."""
