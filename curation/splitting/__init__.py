"""Train and eval: who is a candidate, who is chosen, what train must give up for it, what the next release remembers."""
