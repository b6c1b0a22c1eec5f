"""The peer in FastAPI. Its store is SQLite, as safe as Deno KV: WAL, FULL."""

import base64
import json
import os
import re
import sqlite3
import time
import uuid
from datetime import datetime, timezone

import uvicorn
from fastapi import FastAPI, Request, Response

ORIGIN = "https://app.example.com"
EXPOSED = (
    "etag,link,location,ratelimit,ratelimit-policy,retry-after,server-timing,"
    "x-app-version,x-handled-by,x-process-time,x-request-id"
)
PREFLIGHT = {
    "Vary": "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
    "Access-Control-Allow-Methods": "GET,HEAD,POST,PATCH,DELETE",
    "Access-Control-Allow-Headers": (
        "authorization,content-type,idempotency-key,if-match,if-none-match,"
        "last-event-id,traceparent,tracestate,x-request-id"
    ),
    "Access-Control-Max-Age": "600",
}
VALID = re.compile(r"[\w.=-]{1,128}", re.ASCII)

db = sqlite3.connect(os.environ["KV_PATH"], isolation_level=None)
db.executescript(
    """
    pragma journal_mode = wal;
    pragma synchronous = full;
    create table task (id text primary key, done int, priority text, body text);
    create index task_done on task (done, id);
    create index task_priority on task (priority, id);
    create table log (version integer primary key, body text);
    """
)
app = FastAPI(openapi_url=None)


# The layers, innermost first: FastAPI runs last what was added first.
@app.middleware("http")
async def cors(request: Request, call_next):
    is_allowed = request.headers.get("Origin") == ORIGIN
    if request.method == "OPTIONS":
        response = Response(status_code=204, headers=PREFLIGHT)
        if is_allowed:
            response.headers["Access-Control-Allow-Origin"] = ORIGIN
        return response
    response = await call_next(request)
    response.headers["Vary"] = "Origin"
    response.headers["Cache-Control"] = "no-cache"
    if is_allowed:
        response.headers["Access-Control-Allow-Origin"] = ORIGIN
        response.headers["Timing-Allow-Origin"] = ORIGIN
        response.headers["Access-Control-Expose-Headers"] = EXPOSED
    return response


@app.middleware("http")
async def stamp(request: Request, call_next):
    response = await call_next(request)
    response.headers["X-Handled-By"] = "tasks-api"
    response.headers["X-App-Version"] = "0.1.0"
    return response


@app.middleware("http")
async def timing(request: Request, call_next):
    start = time.perf_counter()
    response = await call_next(request)
    elapsed = f"{(time.perf_counter() - start) * 1000:.2f}"
    response.headers["X-Process-Time"] = f"{elapsed}ms"
    response.headers["Server-Timing"] = f"total;dur={elapsed}"
    return response


@app.middleware("http")
async def identify(request: Request, call_next):
    sent = request.headers.get("X-Request-Id", "")
    response = await call_next(request)
    id = sent if VALID.fullmatch(sent) else str(uuid.uuid4())
    response.headers["X-Request-Id"] = id
    return response


def reply(value, status=200, headers=None):
    body = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return Response(body, status, headers, "application/json")


@app.get("/ping")
async def ping():
    return reply({"ok": True})


@app.get("/tasks")
async def page(limit: int):
    rows = db.execute(
        "select body from task order by id desc limit ?", (limit + 1,)
    ).fetchall()
    (version,) = db.execute("select max(version) from log").fetchone()
    headers = {"ETag": f'W/"{version:020x}-{limit}"'}
    items = [json.loads(body) for (body,) in rows[:limit]]
    if len(rows) <= limit:
        return reply({"items": items, "next": None, "nextCursor": None}, 200, headers)
    last = f"{items[-1]['id']}[null,{{}},null]".encode()
    cursor = base64.b64encode(last).decode().rstrip("=")
    following = f"/tasks?limit={limit}&cursor={cursor}"
    headers["Link"] = f'<{following}>; rel="next"'
    page = {"items": items, "next": following, "nextCursor": cursor}
    return reply(page, 200, headers)


@app.get("/tasks/{id}")
async def read(id: str):
    row = db.execute("select body from task where id = ?", (id,)).fetchone()
    return reply(json.loads(row[0]), headers={"ETag": f'"{1:020x}"'})


made = 0


@app.post("/tasks")
async def create(request: Request):
    global made
    fields = await request.json()
    made += 1
    now = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
    task = {
        "id": f"0{int(time.time() * 1000):013}{made:012}",
        "title": fields["title"],
        "description": "",
        "priority": fields["priority"],
        "done": False,
        "dueOn": None,
        "createdAt": now.replace("+00:00", "Z"),
        "updatedAt": now.replace("+00:00", "Z"),
    }
    body = json.dumps(task)
    db.execute("begin immediate")
    db.execute(
        "insert into task values (?, ?, ?, ?)",
        (task["id"], task["done"], task["priority"], body),
    )
    version = db.execute("insert into log (body) values (?)", (body,)).lastrowid
    db.execute("commit")
    headers = {"Location": f"/tasks/{task['id']}", "ETag": f'"{version:020x}"'}
    return reply(task, 201, headers)


if __name__ == "__main__":
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=int(os.environ["PORT"]),
        log_level="error",
        server_header=False,
    )
