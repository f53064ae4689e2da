# One image for web and worker: `docker run -v commentdesk:/data -p 127.0.0.1:8000:8000 commentdesk`.
# tests/packaging/test_dockerfile.py runs these steps without an engine; keep RUN lines to plain sh.

FROM python:3.11-slim AS builder
WORKDIR /source
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
# Without pip inside: what is copied to the final stage can run, and not install.
RUN python -m venv --without-pip /opt/commentdesk
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY models ./models
COPY training ./training
COPY service ./service
RUN PIP_CONSTRAINT=constraints.txt PIP_BUILD_CONSTRAINT=constraints.txt \
    python -m pip wheel --no-deps --wheel-dir wheels .
RUN python -m pip --python /opt/commentdesk/bin/python install --constraint constraints.txt \
    "$(ls wheels/*.whl)[postgres,redis,fetch]"

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /data --no-create-home commentdesk \
    && install --directory --owner=commentdesk --group=commentdesk /data
COPY --from=builder /opt/commentdesk /opt/commentdesk
ENV PATH=/opt/commentdesk/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    COMMENTDESK_DATA_DIR=/data \
    COMMENTDESK_HOST=0.0.0.0 \
    COMMENTDESK_PORT=8000
USER commentdesk
WORKDIR /data
VOLUME /data
EXPOSE 8000
# A container that runs `work` alone serves no page: start it with --no-healthcheck.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f\"http://127.0.0.1:{os.environ['COMMENTDESK_PORT']}/healthz\", timeout=4)"]
ENTRYPOINT ["commentdesk"]
CMD ["serve"]
