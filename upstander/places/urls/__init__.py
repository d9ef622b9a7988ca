"""Addresses of accounts, people and places."""
