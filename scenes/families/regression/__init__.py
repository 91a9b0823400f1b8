"""What the lesson on linear regression stands on."""
