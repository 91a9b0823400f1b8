"""Learning to classify: data, training, predictions and the record of a lesson."""
