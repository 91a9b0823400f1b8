"""The command line: it starts things, and may know every room."""
