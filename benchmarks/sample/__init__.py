"""The bundled sample: small raw dumps in true formats with planted cases, and the answer key to them."""
