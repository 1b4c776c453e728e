# shellcheck shell=bash
# The steps of .ci/run, a function each. It runs every one in a bash of its own with
# -euo pipefail, a time limit and no input; $work is its temporary folder.
: "${work:?}"

STATICCHECK=v0.8.2
GORELEASER=v2.16.0 # the newest whose modules the module proxy serves for Go 1.26

# --- what the tests need -------------------------------------------------------

packages() { # keychain, shells, other programs that talk to fob, a C compiler for -race
  apt-get -qq update
  apt-get -qq install -y --no-install-recommends \
    dbus gnome-keyring libsecret-tools keyutils \
    bash dash zsh ksh mksh yash busybox fish tcsh elvish xonsh \
    wine binutils-mingw-w64-x86-64 jq \
    zenity kdialog xvfb xdotool libnotify-bin bash-completion chromium \
    awscli oathtool strace tmux procps git python3-venv gcc libc6-dev shellcheck
  # Whatever else is called aws on this machine: the tests get version 2.
  ln -sf /usr/bin/aws "$work/bin/aws"
  aws --version
}

sdk_python() { # its python3 comes first on PATH
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install --quiet --disable-pip-version-check 'boto3>=1.44,<2' 'python-dotenv>=1,<2' 'moto[server]>=5.2.5,<5.3' 'py-ocsf-models>=0.10,<1' 'kubernetes-validate>=1.37,<2'
}

sdk_node() { # the AWS SDK for JavaScript, nushell, which is in no Debian, and SARIF's validator
  npm install --silent --no-audit --no-fund --prefix "$work/node" \
    @aws-sdk/credential-provider-node@3 @aws-sdk/client-sts@3 nushell@0.108.0 @microsoft/sarif-multitool@5
  ln -sf "$work/node/node_modules/.bin/nu" "$work/node/node_modules/.bin/sarif-multitool" "$work/bin/"
  nu --version
}

staticcheck_tool() { GOBIN=$work/bin go install "honnef.co/go/tools/cmd/staticcheck@$STATICCHECK"; }

# From source, as the packages of other registries fetch it from somewhere else.
goreleaser_tool() { GOBIN=$work/bin go install -ldflags='-s -w' "github.com/goreleaser/goreleaser/v2@$GORELEASER"; }

# --- what has to hold ----------------------------------------------------------

formatting() {
  unformatted=$(gofmt -l .)
  if [ -n "$unformatted" ]; then
    printf 'gofmt would change:\n%s\n' "$unformatted"
    return 1
  fi
}

scripts() { shellcheck .ci/run .ci/steps.sh; }

modules() {
  go mod verify
  go mod tidy -diff
}

packages_for() { # the audit's calls are the same everywhere, and take minutes to compile
  case $1 in
  linux) go list ./... ;;
  *) GOOS=$1 go list ./... | grep -vE '/(scan/collect|cmd/fob-scan)$' ;;
  esac
}

vetting() {
  for os in linux darwin windows; do
    echo "$os"
    packages_for "$os" | GOOS=$os xargs go vet
  done
}

linting() {
  for os in linux darwin windows; do
    echo "$os"
    packages_for "$os" | GOOS=$os xargs staticcheck
  done
}

release() { CGO_ENABLED=0 go build -trimpath -ldflags '-s -w -X fob/cli.version=ci' "$@"; }

building() { # as a release is built, and again elsewhere from nothing: the same bytes
  release -o "$work/fob" .
  "$work/fob" version
  mkdir "$work/again"
  tar --exclude=./.git --exclude=./dist -cf - . | tar -xf - -C "$work/again"
  (cd "$work/again" && GOCACHE=$work/again.cache release -o fob .)
  cmp "$work/fob" "$work/again/fob"

  # Of the audit only the link is done again: its packages take minutes to compile.
  release -o "$work/fob-scan" ./cmd/fob-scan
  (cd "$work/again" && release -o fob-scan ./cmd/fob-scan)
  cmp "$work/fob-scan" "$work/again/fob-scan"
  audit_budget "$work/fob-scan"
}

audit_budget() { # at most 45 MB, and --help within 60 ms: the best of ten
  size=$(stat -c %s "$1")
  [ "$size" -le 45000000 ]
  best=1000000000
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    before=$(date +%s%N)
    "$1" --help >/dev/null
    took=$(($(date +%s%N) - before))
    [ "$took" -ge "$best" ] || best=$took
  done
  echo "fob-scan: $size bytes, --help in $((best / 1000)) us"
  [ "$best" -le 60000000 ]
}

testing() { # the README's command; here nothing may be skipped but what allowed-skips lists
  grep -qE '(^| )go test \./\.\.\.' README.md
  FOB_TEST_NO_SKIP=1 go test -count=1 -json ./... | go run .ci/testlog.go .ci/allowed-skips
}

racing() { # what runs in the test's own process: cli and e2e drive programs, shell is pure functions
  go list ./internal/... ./keychain/... ./resolve/... | grep -v '/e2e$' | xargs go test -race -count=1
}

fuzzing() { # each target for some seconds; building them takes as long again
  go test -list '^Fuzz' ./... |
    awk '/^Fuzz/ { name[n++] = $1 } /^ok/ { for (i = 0; i < n; i++) print $2, name[i]; n = 0 }' >"$work/fuzz"
  targets=$(wc -l <"$work/fuzz")
  [ "$targets" -gt 0 ]
  seconds=$((120 / targets))
  [ "$seconds" -le 5 ] || seconds=5
  [ "$seconds" -ge 2 ] || seconds=2
  while read -r package name; do
    fuzz "$package" "$name" "$seconds" ||
      # A target that is just at work when its time is up may be called failed for that
      # (golang/go#75804, until Go 1.27): once more. What it finds it writes down, and that counts.
      { ! grep -q 'Failing input' "$work/fuzz.log" && grep -q 'context deadline exceeded' "$work/fuzz.log" && fuzz "$package" "$name" "$seconds"; } ||
      return 1 # bash does not end by itself at what failed within the braces
  done <"$work/fuzz"
}

fuzz() { # PACKAGE NAME SECONDS, in a folder of its own: what earlier runs found interesting does not count
  go test -run '^$' -fuzz "^$2\$" -fuzztime "${3}s" -fuzzminimizetime 1x "$1" \
    -args -test.fuzzcachedir="$work/fuzz.d/$1" </dev/null 2>&1 | tee "$work/fuzz.log"
}

demo() { go run ./demo; }

conformance() {
  cat ../shared/conformance/expect-fail .ci/conformance-remaining >"$work/expect-fail"
  ../shared/conformance/run.sh "$work/fob" --expect-fail "$work/expect-fail" 2>&1 | tee "$work/conformance"
  if grep -q 'passes, but is listed' "$work/conformance"; then
    echo 'what passes has to leave the list'
    return 1
  fi
  if grep -q 'falling back to --net=env' "$work/conformance"; then
    echo 'without network namespaces many cases are not run'
    return 1
  fi
}

bench() {
  # Once more if a row is missed: another user of the machine may have spoiled it.
  ../shared/bench/run.sh "$work/fob" --quick --strict || ../shared/bench/run.sh "$work/fob" --quick --strict
}

cross() {
  for target in linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64; do
    echo "$target"
    GOOS=${target%/*} GOARCH=${target#*/} release -o "$work/cross" .
  done
  for os in darwin windows; do # one of each is enough of the audit, whose packages take minutes
    echo "fob-scan $os/amd64"
    GOOS=$os GOARCH=amd64 release -o "$work/cross" ./cmd/fob-scan
  done
}

snapshot() { # all of a release but what needs a network or an identity
  mkdir "$work/release"
  tar --exclude=./dist -cf - . | tar -xf - -C "$work/release"
  cd "$work/release" || return
  goreleaser check
  sed -i 's/goarch: \[amd64, arm64\]/goarch: [amd64]/' goreleaser.yaml # what cross has compiled
  goreleaser release --snapshot --clean --skip=publish,sign,sbom
}
