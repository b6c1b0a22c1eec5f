# docker build -t tasks-api .
# docker run --rm -p 8000:8000 --read-only --tmpfs /tmp -v tasks:/app/data tasks-api

FROM denoland/deno:2.9.6

WORKDIR /app
ENV HOST=0.0.0.0 \
    PORT=8000 \
    KV_PATH=data/tasks.sqlite3 \
    LOG_FORMAT=json \
    DENO_NO_UPDATE_CHECK=1

# What the program imports, checked and cached while somebody looks.
COPY . .
RUN deno cache --frozen main.ts \
 && mkdir data \
 && chown deno:deno data

# Its own user. It may write to data/ and to nothing else.
USER deno
VOLUME /app/data
EXPOSE 8000

HEALTHCHECK --interval=10s --timeout=3s --start-period=5s \
  CMD ["deno", "eval", "const r = await fetch(`http://127.0.0.1:${Deno.env.get('PORT')}/healthz`); Deno.exit(r.ok ? 0 : 1)"]

# SIGTERM reaches Deno itself: no shell and no task stand in between. The
# permissions are those of the task "serve" in deno.json.
CMD ["deno", "run", "--cached-only", "--no-prompt", "--allow-net", \
  "--allow-env=HOST,PORT,APP_NAME,APP_VERSION,APP_MODE,ALLOWED_ORIGINS,CORS_CREDENTIALS,CORS_METHODS,CORS_HEADERS,CORS_EXPOSE_HEADERS,CORS_MAX_AGE,KV_PATH,DENO_KV_ACCESS_TOKEN,LOG_LEVEL,LOG_FORMAT,BODY_LIMIT,REQUEST_TIMEOUT_MS,STORE_TIMEOUT_MS,RATE_LIMIT,PROXY_HOPS,API_TOKENS,SECURITY_HEADERS,OTEL_DENO,DENO_DEPLOYMENT_ID", \
  "--allow-read=.env,data", "--allow-write=data", "main.ts"]
