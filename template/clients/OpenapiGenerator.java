import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.TasksApi;
import org.openapitools.client.model.Problem;
import org.openapitools.client.model.TaskInput;
import org.openapitools.client.model.TaskPatch;

/** The round trip with openapi-generator's Java. */
class OpenapiGenerator {
  public static void main(String[] args) throws Exception {
    var api = new TasksApi(new ApiClient().setBasePath(args[0]));

    var title = "milk 🥛";
    var created = api.createTaskWithHttpInfo(new TaskInput().title(title), null, null);
    check(created.getData().getTitle().equals(title), created.getData());
    var bread = new TaskInput().title("bread").priority(TaskInput.PriorityEnum.HIGH);
    api.createTask(bread, null, null);

    var titles = new ArrayList<String>();
    String cursor = null;
    do {
      var page = api.listTasks(false, null, null, null, null, null, 1, cursor, null, null);
      for (var task : page.getItems()) titles.add(task.getTitle());
      cursor = page.getNextCursor();
    } while (cursor != null);
    check(titles.equals(List.of("bread", title)), titles);

    var id = created.getData().getId();
    var tag = created.getHeaders().get("etag").get(0);
    var due = LocalDate.of(2026, 12, 31);
    var patch = new TaskPatch().done(true).dueOn(due);
    var changed = api.updateTask(id, patch, tag, null, null);
    check(changed.getDueOn().equals(due), changed);
    var late = problem(() -> api.updateTask(id, patch, tag, null, null));
    check(late.getType().equals("/problems/version-mismatch"), late);

    var removed = api.deleteTaskWithHttpInfo(id, null, null, null);
    check(removed.getStatusCode() == 204, removed.getStatusCode());

    var invalid = problem(() -> api.createTask(new TaskInput().title(""), null, null));
    check(invalid.getErrors().get(0).getPointer().equals("#/title"), invalid);
  }

  interface Call {
    void run() throws ApiException;
  }

  static Problem problem(Call call) throws IOException {
    try {
      call.run();
    } catch (ApiException error) {
      return Problem.fromJson(error.getResponseBody());
    }
    throw new AssertionError("The call should fail");
  }

  static void check(boolean ok, Object actual) {
    if (!ok) throw new AssertionError(actual);
  }
}
