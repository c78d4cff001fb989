"""The keys and days of the rows that the factories make."""

from datetime import UTC, date, datetime
from uuid import UUID

THEN = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
DAY = date(2026, 1, 1)
CYCLE, EDITION, AGENCY = UUID(int=1), UUID(int=2), UUID(int=3)
ACCOUNT, ENTRY = UUID(int=5), UUID(int=6)
