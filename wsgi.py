"""The web application for a WSGI server: `gunicorn wsgi:app`."""

import os

from rankings.app import create_app
from rankings.settings import Settings

app = create_app(Settings.from_env(os.environ))
