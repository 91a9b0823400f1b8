"""A line fitted to points by gradient descent."""
