"""What the window keeps between its runs, as it changes."""
