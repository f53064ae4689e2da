"""The use cases of the service, in folders by capability.

Each is a function that takes the runtime, the caller and its input. It checks rights and opens its own transactions.
"""
