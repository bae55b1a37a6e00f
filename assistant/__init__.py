"""A sovereign documentary assistant: cited, verified, audited answers; nothing leaves."""
