"""For a WSGI server: `gunicorn wsgi:app`. Settings come from MATCHMAKER_* variables."""

from matchmaker import garbage
from matchmaker.app import create_app
from matchmaker.config import check_secret, from_environment
from matchmaker.home import write_privately

settings = from_environment()
check_secret(settings.secret_key)
write_privately()
garbage.collect_apart()
app = create_app(settings)
