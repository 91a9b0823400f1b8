"""The lecture: its lessons in their order, its file, and what is made of it."""
