"""The videos: jobs, worker processes, finished files and the command line."""
