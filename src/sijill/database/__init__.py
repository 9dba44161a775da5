"""Two databases behind one driver: named statements, transactions, migrations, sealed values."""
