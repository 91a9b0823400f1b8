"""A lecture as a page for the browser, alone or as a course package for learning platforms."""
