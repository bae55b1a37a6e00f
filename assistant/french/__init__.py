"""What the program knows of French: sentences, words, numbers, names. Pure, no model."""
