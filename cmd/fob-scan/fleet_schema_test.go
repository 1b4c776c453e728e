//go:build unix

package main

import (
	"bytes"
	"cmp"
	"os"
	"os/exec"
	"testing"
)

// withPython runs a script of Python that has a package.
func withPython(t *testing.T, pkg, install, script string, args ...string) {
	t.Helper()
	python := cmp.Or(os.Getenv("FOB_TEST_PYTHON"), "python3")
	if err := exec.CommandContext(t.Context(), python, "-c", "import "+pkg).Run(); err != nil {
		if os.Getenv("FOB_TEST_NO_SKIP") != "" {
			t.Fatalf("%s has no %s: pip install %s", python, pkg, install)
		}
		t.Skipf("%s has no %s: pip install %s", python, pkg, install)
	}
	cmd := exec.CommandContext(t.Context(), python, append([]string{"-c", script}, args...)...)
	cmd.Dir = fleetDir
	if out, err := cmd.CombinedOutput(); err != nil || !bytes.Equal(out, []byte("ok\n")) {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestFleetKubernetesSchema holds the manifests against the API of Kubernetes, of the
// first version that has all that they use, and the newest.
func TestFleetKubernetesSchema(t *testing.T) {
	withPython(t, "kubernetes_validate", "kubernetes-validate", `
import yaml, kubernetes_validate
for version in "1.33", kubernetes_validate.latest_version():
    documents = list(yaml.safe_load_all(open("kubernetes.yaml")))
    assert len(documents) == 2
    for d in documents:
        kubernetes_validate.validate(d, version, strict=True)
    d["spec"]["nosuch"] = 1
    try:
        kubernetes_validate.validate(d, version, strict=True)
    except kubernetes_validate.ValidationError:
        pass
    else:
        raise AssertionError("anything is valid")
print("ok")
`)
}

// TestFleetBatchSchema holds the job definition, and how README.md submits it, against
// the API of AWS Batch.
func TestFleetBatchSchema(t *testing.T) {
	withPython(t, "botocore", "botocore", `
import json, sys
from botocore.session import get_session
from botocore.validate import ParamValidator
batch = get_session().get_service_model("batch")
def problems(operation, params):
    return ParamValidator().validate(params, batch.operation_model(operation).input_shape).generate_report()
definition = json.load(open("batch.json"))
assert sys.argv[1] == definition["jobDefinitionName"], sys.argv
submitted = {"jobName": "audit", "jobQueue": "QUEUE", "jobDefinition": sys.argv[1], "arrayProperties": {"size": int(sys.argv[2])}}
assert problems("RegisterJobDefinition", dict(definition, nosuch=1)), "anything is valid"
found = problems("RegisterJobDefinition", definition) + problems("SubmitJob", submitted)
print(found or "ok")
`, readme(t, `--job-definition (\S+)`), readme(t, `--array-properties size=([0-9]+)`))
}
