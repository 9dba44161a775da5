"""What routes and answers say of themselves: keys, schemas, parameters, operations."""
