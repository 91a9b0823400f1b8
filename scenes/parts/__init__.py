"""The mobjects that scenes share."""
