"""Training: many steps, and the lessons that follow one quantity through them."""
