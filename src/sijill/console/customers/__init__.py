"""The pages of customers: lists, one customer, forms, and what is done to all matches."""
