"""What torch records of any code, and what its gradients do."""
