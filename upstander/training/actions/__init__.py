"""What changes the ledger of training."""
