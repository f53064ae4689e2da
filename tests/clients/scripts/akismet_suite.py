"""akismet's own end-to-end suite, against us."""

import os
import sys

import pytest
from akismet import _common

_common._API_URL = os.environ["BASE"]  # noqa: SLF001  the one place where the package has it
os.environ["PYTHON_AKISMET_API_KEY"] = os.environ["KEY"]
os.environ["PYTHON_AKISMET_BLOG_URL"] = "https://gazette.example"
sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", "tests/end_to_end"]))
