"""One weight that learns: what is said of it, its diagrams, and the loop over the samples."""
