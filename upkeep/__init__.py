"""What maintainers run: tables and pictures, refreshing, locking, the form of notebooks."""
