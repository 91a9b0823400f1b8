"""Graphs that torch records of any code, and how its gradients accumulate and stop."""
