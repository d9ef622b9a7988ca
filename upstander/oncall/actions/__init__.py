"""Every write of the on-call plans: one durable transaction each, with its entry in the record."""
