"""Words with which routes and answers describe themselves: keys, schemas, parameters."""
