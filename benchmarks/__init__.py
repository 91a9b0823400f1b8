"""What the speed claims are measured with, by ``make bench``: ratios in one run."""
