"""What torch has recorded of any code, as plain data: read, sent backwards, and folded."""
