"""What stands beside the tables: their validation, their pictures and the code book."""
