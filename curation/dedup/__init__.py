"""Duplicates: what a document looks like (tokens, shingles, signatures), who is a candidate, who is kept."""
