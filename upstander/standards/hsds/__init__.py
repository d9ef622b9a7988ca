"""HSDS 3.1 (Human Services Data Specification, Open Referral): what helping services publish."""
