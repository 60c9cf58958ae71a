"""Agreements of experts: their texts on pages of the staff, and the page on which an expert accepts them."""
