"""Weights as people have them: in files, in lists, in two layouts, inside of larger networks."""
