"""The list of videos that are still to be drawn, which outlives the program that draws them."""
