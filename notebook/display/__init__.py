"""A lesson in a cell: its picture at once, then its player."""
