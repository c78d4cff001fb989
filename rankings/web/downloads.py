"""Workbooks to take along: what stands at their head, and how they are sent."""

from __future__ import annotations

from io import BytesIO

from flask import Response, send_file

from rankings.adapters.workbook_sheets import Heading
from rankings.models import Agency, AssessmentCycle, Association
from rankings.usecases import uploads
from rankings.web import now

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def heading(whose: Association, cycle: AssessmentCycle, agency: Agency, name: str) -> Heading:
    """About whom and when a workbook is; what comes back is compared with it."""
    return Heading(
        association=whose.id,
        association_name=whose.name,
        agency=agency.code,
        agency_name=name,
        cycle=cycle.slug,
        cycle_name=cycle.name,
        rubric_sha256=uploads.rubric_sha256(cycle),
        downloaded_at=now(),
    )


def workbook(body: bytes, *parts: str) -> Response:
    """A workbook to be kept, named by its parts."""
    name = f"{'-'.join(parts)}.xlsx"
    return send_file(BytesIO(body), XLSX, as_attachment=True, download_name=name)
