"""A trial contest walked through: invented people and applications, and each step by the product's own services."""
