"""The commands, a module a subject; each registers its parsers and says what it prints."""
