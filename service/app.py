"""The web application: pure assembly. Importing this opens nothing; the lifespan opens the desk and closes it."""

import gc
import importlib.metadata
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from functools import cache

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute

from models.scorer import Scorer
from service.api import articles, authors, comments, endpoints, operations, policies, queue, scoring
from service.api.dependencies import RateLimit
from service.api.middleware import Metrics, OverloadMiddleware
from service.api.problems import (
    Problem,
    domain_error_handler,
    http_error_handler,
    invalid_body_handler,
)
from service.compat.registration import add_adapter_routes, find_dialects, install_adapters
from service.domain.errors import DomainError
from service.moderation.runtime import utc_now
from service.settings import Settings
from service.startup.open_runtime import open_runtime
from service.store.database import Database
from service.web.app import add_page_routes, install_pages
from service.web.headers import SecurityHeaders

API_MODULES = (scoring, articles, comments, queue, authors, policies, endpoints)


def create_app(
    settings: Settings,
    *,
    database: Database | None = None,
    scorer: Scorer | None = None,
    clock: Callable[[], datetime] = utc_now,
    alone: bool = False,
) -> FastAPI:
    """The service as an ASGI app; `database` and `scorer` are open already, to use instead of what settings name.

    `alone`: nothing else will ever run in this process, so what is open at the start may be taken for permanent.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with open_runtime(settings, database=database, scorer=scorer, clock=clock) as runtime:
            # The models are opened before the first request, or not at all: a broken release must not half-start.
            _ = runtime.scorers.base
            app.state.runtime = runtime
            if alone:
                _spare_the_models()
            yield

    app = FastAPI(
        title="Commentdesk",
        version=importlib.metadata.version("commentdesk"),
        description="Comment moderation for newsrooms: relevance, coherence and toxicity, with reasons.",
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
    )
    app.state.meters = Metrics()
    app.state.rate_limit = RateLimit(settings.requests_per_minute)
    app.router.routes.extend(_describe_routes())
    app.add_exception_handler(DomainError, domain_error_handler)
    app.add_exception_handler(RequestValidationError, invalid_body_handler)
    app.add_exception_handler(HTTPException, http_error_handler)
    install_adapters(app)
    install_pages(app, settings)
    app.add_middleware(
        OverloadMiddleware,
        meters=app.state.meters,
        max_body_bytes=settings.max_body_bytes,
        max_in_flight=settings.max_in_flight,
        dialects=find_dialects(),
    )
    app.add_middleware(SecurityHeaders, https=settings.resolved_public_url.startswith("https:"))
    return app


def _spare_the_models() -> None:
    """Keeps the collector from walking the models' millions of objects again: a quarter of a second, mid-request."""
    gc.collect()
    gc.freeze()


@cache
def _describe_routes() -> tuple[BaseRoute, ...]:
    """Every route, once for all apps of a process: working out what a function takes and answers is most of making
    an app, and it depends on no setting.
    """
    routes = APIRouter()
    api = APIRouter(prefix="/v1", responses={"default": {"model": Problem, "description": "A problem."}})
    for module in API_MODULES:
        api.include_router(module.router)
    routes.include_router(api)
    routes.include_router(operations.router)
    add_adapter_routes(routes)
    add_page_routes(routes)
    return tuple(routes.routes)
