"""What travels between processes: jobs, events and results."""
