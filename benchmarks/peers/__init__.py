"""What others do with the same models, each in an environment of its own."""
