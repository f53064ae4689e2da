"""The web application, put together from its parts. The lifespan opens the runtime and closes it again."""

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
from service.api import articles, authors, comments, operations, policies, queue, scoring, webhooks
from service.api.dependencies import RateLimit
from service.api.metrics import Metrics
from service.api.middleware import OverloadMiddleware
from service.api.problems import (
    Problem,
    domain_error_handler,
    http_error_handler,
    invalid_body_handler,
)
from service.compat.registration import add_adapter_routes, error_writers_by_path, init_adapter_state
from service.domain.errors import DomainError
from service.logs import configure_logs
from service.moderation.runtime import utc_now
from service.settings import Settings
from service.startup.open_runtime import open_runtime
from service.store.database import Database
from service.web.app import add_page_routes, install_pages
from service.web.headers import SecurityHeaders

API_MODULES = (scoring, articles, comments, queue, authors, policies, webhooks)


def create_app(
    settings: Settings,
    *,
    database: Database | None = None,
    scorer: Scorer | None = None,
    clock: Callable[[], datetime] = utc_now,
    freeze_gc: bool = False,
) -> FastAPI:
    """Build the service as an ASGI app.

    Pass an open `database` or `scorer` to use it instead of the one in the settings. `freeze_gc` excludes everything
    open at the start from garbage collection. It is for a process that runs this app and nothing else, unlike a test.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with open_runtime(settings, database=database, scorer=scorer, clock=clock) as runtime:
            # Open the models before the first request: a service with a broken release must not start.
            _ = runtime.scorers.base
            app.state.runtime = runtime
            if freeze_gc:
                _freeze_garbage_collector()
            yield

    app = FastAPI(
        title="Commentdesk",
        version=importlib.metadata.version("commentdesk"),
        description="Comment moderation for newsrooms: relevance, coherence and toxicity scores, with reasons.",
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        lifespan=lifespan,
        # The schema needs a token, so `service.api.operations` serves it, and there are no public pages to browse it.
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
    )
    app.state.metrics = Metrics()
    app.state.rate_limit = RateLimit(settings.requests_per_minute)
    app.router.routes.extend(_build_routes())
    app.add_exception_handler(DomainError, domain_error_handler)
    app.add_exception_handler(RequestValidationError, invalid_body_handler)
    app.add_exception_handler(HTTPException, http_error_handler)
    init_adapter_state(app)
    install_pages(app, settings)
    app.add_middleware(
        OverloadMiddleware,
        metrics=app.state.metrics,
        max_body_bytes=settings.max_body_bytes,
        max_in_flight=settings.max_in_flight,
        error_formats=error_writers_by_path(),
    )
    app.add_middleware(SecurityHeaders, https=settings.resolved_public_url.startswith("https:"))
    return app


def create_app_from_environment() -> FastAPI:
    """Build the app for one of several web processes. Uvicorn imports this function by its name in each of them."""
    settings = Settings.read()
    configure_logs(settings.log_level)
    return create_app(settings, freeze_gc=True)


def _freeze_garbage_collector() -> None:
    """Exclude all present objects from garbage collection.

    The models have millions. A collection that walks them would pause a request for 0.25 s.
    """
    gc.collect()
    gc.freeze()


@cache
def _build_routes() -> tuple[BaseRoute, ...]:
    """Return every route of the service, built once per process.

    Most of the time to build an app is FastAPI's inspection of the functions' parameters. It depends on no setting, so
    that the tests, which build many apps, share the routes.
    """
    routes = APIRouter()
    api = APIRouter(prefix="/v1", responses={"default": {"model": Problem, "description": "An error (RFC 9457)."}})
    for module in API_MODULES:
        api.include_router(module.router)
    routes.include_router(api)
    routes.include_router(operations.router)
    add_adapter_routes(routes)
    add_page_routes(routes)
    return tuple(routes.routes)
