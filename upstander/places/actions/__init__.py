"""Writes about people and places: one function each, one durable transaction, one audit entry."""
