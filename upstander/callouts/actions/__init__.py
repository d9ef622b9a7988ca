"""Every write of callouts and their desk: one transaction each, with its entry in the record."""
