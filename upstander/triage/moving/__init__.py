"""That another center serves a district: asked, signed by who gives it up, and told."""
