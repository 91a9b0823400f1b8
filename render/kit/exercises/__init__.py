"""Exercises: a lesson's own calculation with other numbers for each student, and all solutions."""
