"""Everything that knows a foreign format: files, tables, catalogues."""
