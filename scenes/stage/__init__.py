"""What a lesson is directed with: rooms, a board that comes and goes, numbers that travel."""
