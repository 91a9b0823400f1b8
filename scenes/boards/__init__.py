"""What is written on the board: formulas and torch lines with a record's numbers put in."""
