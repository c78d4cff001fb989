"""An edition whose names are hostile, by the real road: rows of the register, then a publication.

Names reach an edition through the register only, and what an importer cleans is tested there.
"""

from pathlib import Path

from sqlalchemy import Engine

from rankings import db
from rankings.settings import Settings
from rankings.usecases import agency_codes, cycles
from rankings.usecases.incoming import Given
from tests.usecases import world
from tests.web import small
from tests.web.names import HOSTILE

MANY = len(HOSTILE)
# Agencies by place in `HOSTILE`; the last has the first name again and is not rated.
CODES = [agency_codes.code("VN", 1 + at) for at in range(MANY)]
UNRATED = agency_codes.code("VN", MANY + 1)
# In the correction every name is that of its neighbour, so former names are hostile too.
MOVED = 1


def publish(engine: Engine, folder: Path) -> Settings:
    """Two editions: the second has other names and a hostile reason."""
    made = small.Small(engine, small.settings(engine, folder))
    with db.transaction(engine) as session:
        cycle = small.opened(session, HOSTILE[0], HOSTILE[1])
        small.save(session, cycle, register(0))
        small.sent(session, cycle, MANY)
    made.publish()
    with db.transaction(engine) as session:
        cycle = cycles.find(session, small.CODE, "2026")
        small.save(session, cycle, register(MOVED), small.after(1))
    made.publish(HOSTILE[1], later=1)
    return made.settings


def register(moved: int) -> list[Given]:
    rated = [row(at, HOSTILE[(at + moved) % MANY]) for at in range(MANY)]
    return [*rated, row(MANY, HOSTILE[0], code_signed_on=None, name_en=(HOSTILE[1], None))]


def row(at: int, name: str, **more: object) -> Given:
    number = f"L-{at + 1}"
    usual = {"licence_number": number, "name_vi": (name, None)}
    return world.agency(**(usual | {"licensing_authority": HOSTILE[at % MANY]} | more))
