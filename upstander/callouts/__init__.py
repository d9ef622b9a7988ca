"""Mobile crisis: somebody trained is with the child within 45 minutes."""
