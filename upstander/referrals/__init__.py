"""Contacts of a helpline's specialist, and referrals that the family closes."""
