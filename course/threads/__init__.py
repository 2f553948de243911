"""What a student keeps from lesson to lesson: the ledger, and in it claims and forecasts."""
