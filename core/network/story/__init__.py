"""What a film of a training step tells besides the step: one unit, one nudge, who is to blame."""
