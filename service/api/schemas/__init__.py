"""What the API receives and returns, as OpenAPI documents it. Unknown fields are refused by name."""
