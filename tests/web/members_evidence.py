"""What an agency handed in: a file for an answer, and a filled-in workbook."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session

from rankings.adapters.evidence_store import Store
from rankings.models import Evidence, UploadedWorkbook
from rankings.usecases import cycles


def used_up(
    session: Session,
    of: dict[str, Any],
    indicator: str,
    mark: str,
    given: tuple[UUID, datetime],
    folder: Path,
) -> dict[str, Any]:
    """One of each; `given` says by whom and when."""
    evidence = Evidence(
        **of,
        id=uuid4(),
        indicator=indicator,
        name=f"{mark}.pdf",
        media_type="application/pdf",
        size=1,
        given_sha256=uuid4().hex * 2,
        stored_sha256=Store(folder).put(b"1"),
        given_by=given[0],
        given_at=given[1],
    )
    kept: dict[str, Any] = {"name": f"{mark}.xlsx", "sha256": "0" * 64, "changes": {}}
    kept |= {"uploaded_by": given[0], "uploaded_at": given[1]}
    upload = UploadedWorkbook(**of, **kept, id=uuid4())
    session.add_all([evidence, upload])
    session.flush()
    return {"id": evidence.id, "upload": upload.id}


def option(session: Session, association: str, cycle: str, indicator: str) -> str:
    """The lowest answer to a question of a cycle's code of conduct."""
    code = cycles.code_of(cycles.find(session, association, cycle))
    rule: Any = next(one.rule for one in code.rubric.indicators if one.id == indicator)
    return str(rule.options[0].id)
