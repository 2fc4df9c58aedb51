"""What `make bench` runs: figures as ratios to the machine's own limits, measured in the same run."""
