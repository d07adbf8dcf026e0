"""The tokenizer room: pre-tokenizers, configuration, training, encoding, report card, drift. One idea per file."""
