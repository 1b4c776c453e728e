//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

const fleetDir = "../../examples/fleet"

// variable is one of a container's environment, in both kinds of manifests.
type variable struct{ Name, Value string }

// container is what a manifest says of how one is run.
type container struct {
	Command []string
	Env     []variable
}

// kubernetesJob is what is of interest of a manifest.
type kubernetesJob struct {
	Metadata struct{ Name string }
	Spec     struct {
		Completions int
		Template    struct {
			Spec struct{ Containers []container }
		}
	}
}

// batchJob is what is of interest of a job definition.
type batchJob struct {
	JobDefinitionName   string
	ContainerProperties struct {
		Command     []string
		Environment []variable
	}
}

func fleetFile(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(fleetDir, name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// kubernetesJobs are the manifests: the workers' and the merge's.
func kubernetesJobs(t *testing.T) (out []kubernetesJob) {
	t.Helper()
	for d := yaml.NewDecoder(bytes.NewReader(fleetFile(t, "kubernetes.yaml"))); ; {
		var j kubernetesJob
		err := d.Decode(&j)
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil || len(j.Spec.Template.Spec.Containers) != 1 {
			t.Fatalf("%+v: %v", j, err)
		}
		out = append(out, j)
	}
}

// readme is the one match of a pattern in the text that goes with the manifests.
func readme(t *testing.T, pattern string) string {
	t.Helper()
	found := regexp.MustCompile(pattern).FindAllStringSubmatch(string(fleetFile(t, "README.md")), -1)
	if len(found) != 1 {
		t.Fatalf("%d times %s in README.md", len(found), pattern)
	}
	return found[0][1]
}

// pod is a place where containers run one after the other, as in a cluster: no keychain,
// the identity from outside, and their folders here instead of at the root.
type pod struct {
	t       *testing.T
	w       *world
	dir     string
	environ []string
}

// newPod has the list of the accounts, made as README.md says.
func newPod(t *testing.T) *pod {
	w, err := newWorld()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.close)
	p := &pod{t: t, w: w, dir: t.TempDir()}
	if err := w.files(p.dir); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"bin", "config", "out"} {
		if err := os.Mkdir(filepath.Join(p.dir, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"fob", "fob-scan"} {
		if err := os.Symlink(self, filepath.Join(p.dir, "bin", name)); err != nil {
			t.Fatal(err)
		}
	}
	p.environ = []string{"PATH=" + p.dir + "/bin:" + os.Getenv("PATH"), "AWS_ACCESS_KEY_ID=" + w.ann.Key.ID, "AWS_SECRET_ACCESS_KEY=" + w.ann.Key.Secret, "AWS_REGION=eu-west-1"}
	for name, value := range w.variables(p.dir) {
		if !strings.HasPrefix(name, "FOB_") || name == varStatus {
			p.environ = append(p.environ, name+"="+value)
		}
	}
	if status, out := p.run(container{Command: []string{"sh", "-c", readme(t, "`(fob scan accounts[^`]*)`")}}); status != 0 {
		t.Fatalf("exit status %d: %s", status, out)
	}
	list, err := os.ReadFile(filepath.Join(p.dir, "accounts.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(p.dir, "config/accounts.json"), list, 0o600); err != nil {
		t.Fatal(err)
	}
	return p
}

// run runs a container, with one check instead of all, and returns its exit status and
// what it said.
func (p *pod) run(c container, more ...string) (int, string) {
	p.t.Helper()
	const oneCheck = "--checks=ec2-ebs-volume-encrypted"
	root := regexp.MustCompile(`(^| )(/config|/out|/tmp)\b`)
	here := func(text string) string { return root.ReplaceAllString(text, "${1}"+p.dir+"${2}") }
	var argv []string
	for _, word := range c.Command {
		argv = append(argv, strings.ReplaceAll(here(word), " --no-input", " --no-input "+oneCheck))
	}
	if slices.Contains(argv, "--no-input") {
		argv = append(argv, oneCheck)
	}
	cmd := exec.CommandContext(p.t.Context(), "env", argv...) // which looks for it on the new PATH
	cmd.Dir, cmd.Env = p.dir, append(slices.Clone(p.environ), more...)
	for _, v := range c.Env {
		cmd.Env = append(cmd.Env, v.Name+"="+here(v.Value))
	}
	out, err := cmd.CombinedOutput()
	if e := (*exec.ExitError)(nil); err != nil && !errors.As(err, &e) {
		p.t.Fatalf("%q: %v", argv, err)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}

// merged fails unless the result in a folder has every account, and the volumes of all.
func (p *pod) merged(folder string, status int, out string) {
	p.t.Helper()
	if status != 0 || strings.Contains(out, "not there") {
		p.t.Errorf("the merge ended with %d: %s", status, out)
	}
	text, err := os.ReadFile(filepath.Join(p.dir, folder, "findings.jsonl"))
	if err != nil {
		p.t.Fatal(err)
	}
	for _, account := range []string{own, partner, third} {
		if n := strings.Count(string(text), `"arn":"arn:aws:ec2:eu-west-1:`+account+`:volume/`); n != 1 {
			p.t.Errorf("%d findings of %s in %s", n, account, text)
		}
	}
}

// TestFleetOnKubernetes runs the manifests' commands as an indexed job does, and joins.
func TestFleetOnKubernetes(t *testing.T) {
	jobs := kubernetesJobs(t)
	if len(jobs) != 2 || jobs[0].Metadata.Name != "fob-scan" || jobs[1].Metadata.Name != "fob-scan-merge" {
		t.Fatalf("%+v", jobs)
	}
	p := newPod(t)
	worker := jobs[0].Spec.Template.Spec.Containers[0]
	for i := range jobs[0].Spec.Completions {
		if status, out := p.run(worker, "JOB_COMPLETION_INDEX="+strconv.Itoa(i)); status != 0 {
			t.Errorf("worker %d ended with %d: %s", i, status, out)
		}
	}
	if n := strings.Count(strings.Join(worker.Command, " "), "--shards "+strconv.Itoa(jobs[0].Spec.Completions)+" "); n != 1 {
		t.Errorf("%q does not have as many shares as there are completions", worker.Command)
	}
	status, out := p.run(jobs[1].Spec.Template.Spec.Containers[0])
	p.merged("out/merged", status, out)
}

// TestFleetOnBatch runs the definition's command as the children of an array job do, with
// a folder for a bucket, and joins as README.md says.
func TestFleetOnBatch(t *testing.T) {
	var job batchJob
	if err := json.Unmarshal(fleetFile(t, "batch.json"), &job); err != nil {
		t.Fatal(err)
	}
	p := newPod(t)
	const aws = "#!/bin/sh\n[ \"$1 $2 $4\" = 's3 sync s3://example-audit/out' ] && mkdir -p bucket && cp -r \"$3\"/. bucket\n"
	if err := os.WriteFile(filepath.Join(p.dir, "bin/aws"), []byte(aws), 0o700); err != nil {
		t.Fatal(err)
	}
	size, err := strconv.Atoi(readme(t, `--array-properties size=([0-9]+)`))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(job.ContainerProperties.Environment, variable{"FOB_SHARDS", strconv.Itoa(size)}) {
		t.Errorf("an array of %d and %v", size, job.ContainerProperties.Environment)
	}
	for i := range size {
		status, out := p.run(container{job.ContainerProperties.Command, job.ContainerProperties.Environment}, "AWS_BATCH_JOB_ARRAY_INDEX="+strconv.Itoa(i))
		if status != 0 {
			t.Errorf("child %d ended with %d: %s", i, status, out)
		}
		if err := os.RemoveAll(filepath.Join(p.dir, "tmp/out")); err != nil { // another child is another container
			t.Fatal(err)
		}
	}
	if err := errors.Join(os.RemoveAll(filepath.Join(p.dir, "out")), os.Rename(filepath.Join(p.dir, "bucket"), filepath.Join(p.dir, "out"))); err != nil {
		t.Fatal(err)
	}
	status, out := p.run(container{Command: []string{"sh", "-c", readme(t, "(?m)^(fob scan merge .*)$")}})
	p.merged("audit", status, out)
}
