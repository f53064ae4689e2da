"""The only SQL of the house: tables, and one module of queries per noun. Every function takes a connection."""
