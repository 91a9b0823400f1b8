"""Widgets, colours, fonts and icons that every panel uses; no state."""
