"""People at a real Chromium, on the real interface over the demo corpus."""
