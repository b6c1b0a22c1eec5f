"""The round trip with openapi-generator's Python."""

import sys
from datetime import date

from openapi_client import ApiClient, Configuration, TaskInput, TaskPatch, TasksApi
from openapi_client.exceptions import ApiException, UnprocessableEntityException

api = TasksApi(ApiClient(Configuration(host=sys.argv[1])))

title = "milk 🥛"
created = api.create_task_with_http_info(TaskInput(title=title))
assert created.data.title == title
api.create_task(TaskInput(title="bread", priority="high"))

titles = []
cursor = None
while cursor != "":
    page = api.list_tasks(limit=1, done=False, cursor=cursor)
    titles += [task.title for task in page.items]
    cursor = page.next_cursor or ""
assert titles == ["bread", title], titles

task_id = created.data.id
tag = created.headers["ETag"]
patch = TaskPatch(done=True, due_on=date(2026, 12, 31))
changed = api.update_task(task_id, patch, if_match=tag)
assert changed.due_on == date(2026, 12, 31)
try:
    api.update_task(task_id, patch, if_match=tag)
    raise AssertionError("The version should not match")
except ApiException as error:
    assert error.data.type == "/problems/version-mismatch", error

assert api.delete_task_with_http_info(task_id).status_code == 204

try:
    # The model would not accept it, as the API does not.
    api.create_task(TaskInput.model_construct(title=""))
    raise AssertionError("The title should not be valid")
except UnprocessableEntityException as error:
    assert error.data.errors[0].pointer == "#/title", error
