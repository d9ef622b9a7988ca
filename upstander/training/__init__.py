"""Training: who learned what, and what is taught."""
