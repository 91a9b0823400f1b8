"""From frames to a finished file: encoding, joining, checking and placing."""
