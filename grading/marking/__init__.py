"""The marking engine: what it reads, where students' cells run, what it writes."""
