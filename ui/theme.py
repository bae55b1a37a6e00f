"""The look: our own colours, the machine's own fonts, one style sheet, two small scripts."""

from __future__ import annotations

from pathlib import Path

import gradio as gr

_STATIC = Path(__file__).with_name("static")
STYLE = _STATIC / "page.css"
_FONTS = ("-apple-system", "Segoe UI", "Liberation Sans", "Noto Sans", "system-ui", "sans-serif")
_PINE = gr.themes.Color(
    c50="#eef6f4",
    c100="#d5eae5",
    c200="#aed6cd",
    c300="#7dbcb0",
    c400="#4b9c8f",
    c500="#2a7f73",
    c600="#17695e",
    c700="#12554c",
    c800="#0f433d",
    c900="#0b322e",
    c950="#071f1c",
    name="pine",
)
_PAPER = gr.themes.Color(
    c50="#fafaf8",
    c100="#f2f2ee",
    c200="#e2e2dc",
    c300="#c6c7c0",
    c400="#8f9189",
    c500="#62655e",
    c600="#4a4d47",
    c700="#373a35",
    c800="#232622",
    c900="#181a17",
    c950="#101210",
    name="paper",
)


def theme() -> gr.themes.Base:
    """Sober, square, readable in light and dark; no font is fetched."""
    return gr.themes.Base(
        primary_hue=_PINE,
        secondary_hue=_PINE,
        neutral_hue=_PAPER,
        font=_FONTS,
        font_mono=("ui-monospace", "Liberation Mono", "monospace"),
        radius_size=gr.themes.sizes.radius_sm,
        spacing_size=gr.themes.sizes.spacing_md,
        text_size=gr.themes.sizes.text_md,
    ).set(
        body_background_fill="#fafaf8",
        body_background_fill_dark="#141613",
        body_text_color="#1d201c",
        body_text_color_dark="#e9eae5",
        body_text_color_subdued="#565a53",
        body_text_color_subdued_dark="#b3b7ae",
        block_background_fill="transparent",
        block_background_fill_dark="transparent",
        block_border_width="0px",
        block_padding="0px",
        block_label_text_color="#373a35",
        block_label_text_color_dark="#d4d7d0",
        block_title_text_color="#373a35",
        block_title_text_color_dark="#d4d7d0",
        block_title_text_weight="600",
        input_background_fill="#ffffff",
        input_background_fill_dark="#1d201c",
        input_border_width="1px",
        input_border_color="#83867e",
        input_border_color_dark="#7d8178",
        input_border_color_focus="#17695e",
        input_border_color_focus_dark="#7dbcb0",
        input_placeholder_color="#62655e",
        input_placeholder_color_dark="#a4a89f",
        button_primary_background_fill="#17695e",
        button_primary_background_fill_hover="#12554c",
        button_primary_background_fill_dark="#7dbcb0",
        button_primary_background_fill_hover_dark="#aed6cd",
        button_primary_text_color="#ffffff",
        button_primary_text_color_dark="#101210",
        button_secondary_background_fill="#e9e9e3",
        button_secondary_background_fill_hover="#dcdcd5",
        button_secondary_background_fill_dark="#2c302a",
        button_secondary_background_fill_hover_dark="#3a3e37",
        button_secondary_text_color="#1d201c",
        button_secondary_text_color_dark="#e9eae5",
        shadow_drop="none",
        shadow_drop_lg="none",
    )


HEAD = "".join(
    f"<script>{(_STATIC / name).read_text(encoding='utf-8')}</script>"
    for name in ("stream.js", "page.js")
)
"""What is added to the head of the page: our scripts."""
