"""Mobjects of charts: axes, plots, bars, tables and matrices."""
