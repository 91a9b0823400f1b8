"""What is written about a computation graph."""
