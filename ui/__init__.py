"""The interface: Gradio wiring and rendering, no reasoning."""
