"""What advocates do: clients, and going along with them."""
