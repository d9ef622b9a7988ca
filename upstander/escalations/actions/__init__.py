"""Every write of the app, a file for each noun."""
