"""What the lesson on classification stands on."""
