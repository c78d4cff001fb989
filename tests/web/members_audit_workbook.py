"""An auditor's upload of each association, for the crawl of every route."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session

from rankings.models import UploadedFindings


def things(
    session: Session, of: Mapping[str, Any], mark: str, auditor: UUID, at: datetime
) -> dict[str, Any]:
    """A fresh upload that changes nothing: saving it uses it up."""
    row = UploadedFindings(
        association=of["association"],
        cycle=of["cycle"],
        id=uuid4(),
        name=f"{mark}.xlsx",
        sha256="0" * 64,
        changes={"files": []},
        uploaded_by=auditor,
        uploaded_at=at,
    )
    session.add(row)
    session.flush()
    return {"findings": row.id}
