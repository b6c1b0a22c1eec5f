"""The round trip with openapi-python-client."""

import sys
from datetime import date

from tasks_api_client import AuthenticatedClient
from tasks_api_client.api.tasks import (
    create_task,
    delete_task,
    list_tasks,
    update_task,
)
from tasks_api_client.models import TaskInput, TaskInputPriority, TaskPatch
from tasks_api_client.types import UNSET

api = AuthenticatedClient(base_url=sys.argv[1], token="none")

title = "milk 🥛"
created = create_task.sync_detailed(client=api, body=TaskInput(title=title))
assert created.parsed.title == title
bread = TaskInput(title="bread", priority=TaskInputPriority.HIGH)
create_task.sync(client=api, body=bread)

titles = []
cursor = UNSET
while cursor is not None:
    page = list_tasks.sync(client=api, limit=1, done=False, cursor=cursor)
    titles += [task.title for task in page.items]
    cursor = page.next_cursor
assert titles == ["bread", title], titles

change = {
    "id": created.parsed.id,
    "client": api,
    "if_match": created.headers["ETag"],
    "body": TaskPatch(done=True, due_on=date(2026, 12, 31)),
}
assert update_task.sync(**change).due_on == date(2026, 12, 31)
late = update_task.sync(**change)
assert late.type_ == "/problems/version-mismatch", late

removed = delete_task.sync_detailed(created.parsed.id, client=api)
assert removed.status_code == 204, removed

invalid = create_task.sync(client=api, body=TaskInput(title=""))
assert invalid.errors[0].pointer == "#/title", invalid
