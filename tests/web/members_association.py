"""An association of `members`: a code of conduct, an open cycle, two agencies in the register."""

from uuid import uuid4

from sqlmodel import Session

from rankings.adapters import rubric_files
from rankings.usecases import associations, cycles, registry, rubrics
from tests.usecases import world
from tests.web import small


def add(session: Session, association: str, cycle: str, mark: str) -> None:
    """All that has a name bears the mark."""
    then = world.act(world.OPENED)
    associations.add(session, association, association + mark, "VN", "Asia/Bangkok", then)
    rubrics.store(session, association, rubric_files.source(small.RUBRIC), then)
    plan = cycles.Plan(uuid4(), cycle, cycle + mark, world.AS_OF, ("coc-vn", "1.0.0"))
    opened = cycles.open_cycle(session, association, plan, then)
    rows = [
        world.agency(licence_number=f"L-{number}", name_vi=(f"Ví Dụ {number}{mark}", None))
        for number in (1, 2)
    ]
    assert registry.save_agencies(session, opened, rows, world.OPENED).problems == []
