// The round trip with openapi-generator's Go.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	openapi "github.com/GIT_USER_ID/GIT_REPO_ID"
)

func main() {
	configuration := openapi.NewConfiguration()
	configuration.Servers[0].URL = os.Args[1]
	api := openapi.NewAPIClient(configuration).TasksAPI
	ctx := context.Background()

	title := "milk 🥛"
	created, response, err := api.CreateTask(ctx).
		TaskInput(*openapi.NewTaskInput(title)).Execute()
	check(err)
	assert(created.Title == title, created)
	bread := openapi.NewTaskInput("bread")
	bread.SetPriority("high")
	_, _, err = api.CreateTask(ctx).TaskInput(*bread).Execute()
	check(err)

	titles := []string{}
	list := api.ListTasks(ctx).Limit(1).Done(false)
	for {
		page, _, err := list.Execute()
		check(err)
		for _, task := range page.Items {
			titles = append(titles, task.Title)
		}
		if page.NextCursor.Get() == nil {
			break
		}
		list = list.Cursor(*page.NextCursor.Get())
	}
	assert(slices.Equal(titles, []string{"bread", title}), titles)

	patch := openapi.NewTaskPatch()
	patch.SetDone(true)
	patch.SetDueOn("2026-12-31")
	update := api.UpdateTask(ctx, created.Id).TaskPatch(*patch).
		IfMatch(response.Header.Get("ETag"))
	changed, _, err := update.Execute()
	check(err)
	assert(*changed.DueOn.Get() == "2026-12-31", changed)
	_, _, err = update.Execute()
	assert(problem(err).Type == "/problems/version-mismatch", err)

	response, err = api.DeleteTask(ctx, created.Id).Execute()
	check(err)
	assert(response.StatusCode == 204, response)

	_, _, err = api.CreateTask(ctx).TaskInput(*openapi.NewTaskInput("")).Execute()
	assert(*problem(err).Errors[0].Pointer == "#/title", err)
}

func problem(err error) openapi.Problem {
	var failed *openapi.GenericOpenAPIError
	assert(errors.As(err, &failed), err)
	return failed.Model().(openapi.Problem)
}

func check(err error) {
	assert(err == nil, err)
}

func assert(ok bool, actual any) {
	if !ok {
		panic(fmt.Sprint(actual))
	}
}
