"""A lecture: an ordered set of lessons in one file, and everything that is made from it."""
