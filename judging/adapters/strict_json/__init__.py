"""JSON that people bring (archives, settings, forms): read strictly and within bounds, every fault with its path."""
