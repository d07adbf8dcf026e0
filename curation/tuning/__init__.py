"""`curation tune`: what other thresholds would keep or drop, told from stored scores."""
