"""All SQL of the service: the tables, and queries in folders by capability. Every function takes a connection."""
