"""A network: its specification, its batch, its passes, its record and its optimizers."""
