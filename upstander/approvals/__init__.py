"""What holds only once a second person has agreed to it."""
