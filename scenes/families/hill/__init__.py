"""A hill in the fog with balls that descend on it: its state, its picture, its numbers."""
