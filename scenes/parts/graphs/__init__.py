"""Mobjects of computation graphs: layout, drawing and views."""
