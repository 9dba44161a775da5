"""The audit log: who saw or changed whose data, when and through what; never the data itself."""
