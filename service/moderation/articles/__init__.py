"""Articles: registration, import, fetching of their pages, lookup by address, and editors' modes."""
