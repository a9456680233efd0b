"""What checkpoints mean: networks, objects, recordings, tables."""
