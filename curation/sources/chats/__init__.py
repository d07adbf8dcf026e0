"""Chat formats, one file each, and what they have in common: messages, and the conversations made of them."""
