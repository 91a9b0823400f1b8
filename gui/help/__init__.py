"""The Help menu: keys, system check, log, about."""
