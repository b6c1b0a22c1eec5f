# docker build -t tasks-api .
# docker run --rm -p 8000:8000 --read-only --tmpfs /tmp -v data:/app/data tasks-api

FROM denoland/deno:2.9.6

WORKDIR /app
ENV HOST=0.0.0.0 \
    PORT=8000 \
    KV_PATH=data/tasks.sqlite3 \
    LOG_FORMAT=json \
    OTEL_EXPORTER_OTLP_TIMEOUT=1000 \
    DENO_NO_UPDATE_CHECK=1

# Cache what the program imports.
COPY . .
RUN deno cache --frozen main.ts \
 && mkdir -m 700 data \
 && chown deno:deno data

# The user deno can write to data/ only.
USER deno
VOLUME /app/data
EXPOSE 8000

HEALTHCHECK --interval=10s --timeout=3s --start-period=5s \
  CMD ["deno", "eval", "const r = await fetch(`http://127.0.0.1:${Deno.env.get('PORT')}/healthz`); Deno.exit(r.ok ? 0 : 1)"]

# No shell and no `deno task` in between, so that Deno receives SIGTERM itself. All of the
# environment is readable: it has only what the image and `docker run` put there.
CMD ["deno", "run", "--cached-only", "--no-prompt", "--allow-net", "--allow-env", \
  "--allow-read=.env,data", "--allow-write=data", "main.ts", "serve"]
