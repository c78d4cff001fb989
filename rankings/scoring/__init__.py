"""The pure core: a rubric and records in, scores, ranks and receipts out. No database, no clock."""
