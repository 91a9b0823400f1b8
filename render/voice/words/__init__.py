"""Sentences as they are spoken: words only, whatever signs, numbers and formulas were written."""
