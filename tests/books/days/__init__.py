"""A place of three companies, and days of seeded operations at it whose books are looked at."""
