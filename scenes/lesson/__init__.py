"""What every lesson is made of: beats, board, title card and lines of type."""
