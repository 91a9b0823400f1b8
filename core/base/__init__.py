"""What every other room of core stands on: arrays, errors, words, files of a user's, parameters."""
