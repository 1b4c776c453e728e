package report_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// browser is a headless Chromium, spoken to by the DevTools protocol over a pipe.
type browser struct {
	t       *testing.T
	to      *os.File
	mu      sync.Mutex
	last    int
	waiting map[int]chan message
	events  []message
	wake    chan struct{} // closed at every event
}

type message struct {
	ID      int                       `json:"id,omitempty"`
	Method  string                    `json:"method,omitempty"`
	Session string                    `json:"sessionId,omitempty"`
	Params  json.RawMessage           `json:"params,omitempty"`
	Result  json.RawMessage           `json:"result,omitempty"`
	Error   *struct{ Message string } `json:"error,omitempty"`
}

func openBrowser(t *testing.T) *browser {
	t.Helper()
	program := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			program = path
			break
		}
	}
	if program == "" || runtime.GOOS == "windows" {
		const why = "no Chromium that speaks over a pipe is here"
		if os.Getenv("FOB_TEST_NO_SKIP") != "" {
			t.Fatal(why)
		}
		t.Skip(why)
	}
	in, to, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	from, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	b := &browser{t: t, to: to, waiting: map[int]chan message{}, wake: make(chan struct{})}
	profile, err := os.MkdirTemp("", "fob-chromium-") // it writes there until it is gone
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", "--user-data-dir="+profile,
		"--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-extensions", "--disable-sync", "--hide-scrollbars",
		"--disable-dev-shm-usage", "--disable-ipc-flooding-protection", "--force-color-profile=srgb", "--window-size=1440,900", "about:blank")
	cmd.ExtraFiles = []*os.File{in, out} // 3 and 4
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	in.Close()
	out.Close()
	read := make(chan struct{})
	go func() {
		defer close(read)
		b.read(from)
	}()
	t.Cleanup(func() {
		to.Close() // which ends it
		ended := time.AfterFunc(10*time.Second, func() { _ = cmd.Process.Kill() })
		_ = cmd.Wait()
		ended.Stop()
		<-read
		from.Close()
		_ = os.RemoveAll(profile)
	})
	return b
}

func (b *browser) read(from *os.File) {
	r := bufio.NewReader(from)
	for {
		text, err := r.ReadBytes(0)
		var m message
		if err == nil {
			err = json.Unmarshal(text[:len(text)-1], &m)
		}
		b.mu.Lock()
		switch answer := b.waiting[m.ID]; {
		case err != nil:
			for _, c := range b.waiting {
				close(c)
			}
			b.waiting = nil
			b.mu.Unlock()
			return
		case answer != nil:
			delete(b.waiting, m.ID)
			answer <- m
		default:
			b.events = append(b.events, m)
			close(b.wake)
			b.wake = make(chan struct{})
		}
		b.mu.Unlock()
	}
}

// call asks for something and waits for the answer, at most a minute.
func (b *browser) call(session, method string, params any) (json.RawMessage, error) {
	text, err := json.Marshal(params)
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	if b.waiting == nil {
		b.mu.Unlock()
		return nil, errors.New("the browser is gone")
	}
	b.last++
	id, answer := b.last, make(chan message, 1)
	b.waiting[id] = answer
	b.mu.Unlock()
	line, err := json.Marshal(message{ID: id, Method: method, Session: session, Params: text})
	if err != nil {
		return nil, err
	}
	if _, err := b.to.Write(append(line, 0)); err != nil {
		return nil, err
	}
	select {
	case m, ok := <-answer:
		switch {
		case !ok:
			return nil, errors.New("the browser is gone")
		case m.Error != nil:
			return nil, fmt.Errorf("%s: %s", method, m.Error.Message)
		}
		return m.Result, nil
	case <-time.After(time.Minute):
		return nil, fmt.Errorf("%s: no answer within a minute", method)
	}
}

// tab is a page in the browser.
type tab struct {
	*browser
	session string
	url     string
	loading time.Duration // from asking for the page until it was ready
}

// open opens a report and waits until it is ready. A report that fails fails the test.
func (b *browser) open(path, hash string, width, height int, features ...map[string]string) *tab {
	b.t.Helper()
	p := &tab{browser: b, url: "file://" + path + hash}
	target := p.must("Target.createTarget", map[string]any{"url": "about:blank"})
	attached := p.must("Target.attachToTarget", map[string]any{"targetId": field(target, "targetId"), "flatten": true})
	p.session = field(attached, "sessionId")
	for _, domain := range []string{"Page", "Runtime", "Log", "Network", "Performance"} {
		p.must(domain+".enable", map[string]any{})
	}
	p.must("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false})
	p.must("Emulation.setEmulatedMedia", map[string]any{"features": append([]map[string]string{}, features...)})
	start := time.Now()
	p.must("Page.navigate", map[string]any{"url": p.url})
	p.wait()
	p.loading = time.Since(start)
	if failed := p.eval(`document.documentElement.dataset.failed ?? ""`); failed != "" {
		b.t.Fatalf("the page failed: %v", failed)
	}
	return p
}

// wait waits until the page is ready and has been drawn.
func (p *tab) wait() {
	p.t.Helper()
	p.eval(`new Promise(done => {
		const look = () => document.documentElement?.dataset.ready !== undefined || document.documentElement?.dataset.failed ? requestAnimationFrame(() => done(1)) : setTimeout(look, 5);
		look();
	})`)
}

func (p *tab) must(method string, params any) json.RawMessage {
	p.t.Helper()
	out, err := p.call(p.session, method, params)
	if err != nil {
		p.t.Fatal(err)
	}
	return out
}

// eval returns the value of an expression in the page; promises are waited for.
func (p *tab) eval(expression string) any {
	p.t.Helper()
	for try := 0; ; try++ {
		out, err := p.call(p.session, "Runtime.evaluate", map[string]any{"expression": expression, "awaitPromise": true, "returnByValue": true})
		if err != nil { // a page that is just being loaded takes the promise with it
			if try < 5 && strings.Contains(err.Error(), "context") {
				continue
			}
			p.t.Fatal(err)
		}
		var got struct {
			Result    struct{ Value any }
			Exception *struct{ Exception struct{ Description string } } `json:"exceptionDetails"`
		}
		if err := json.Unmarshal(out, &got); err != nil {
			p.t.Fatal(err)
		}
		if got.Exception != nil {
			p.t.Fatalf("%s\n%s", expression, got.Exception.Exception.Description)
		}
		return got.Result.Value
	}
}

func (p *tab) number(expression string) int {
	p.t.Helper()
	n, ok := p.eval(expression).(float64)
	if !ok {
		p.t.Fatalf("%s is no number", expression)
	}
	return int(n)
}

// press presses a key: "j", "/", "Enter", "Tab".
func (p *tab) press(key string) {
	p.t.Helper()
	down := map[string]any{"type": "keyDown", "key": key}
	switch {
	case len(key) == 1:
		down["text"] = key
	case key == "Enter":
		down["text"] = "\r"
		down["windowsVirtualKeyCode"] = 13
	case key == "Tab":
		down["windowsVirtualKeyCode"] = 9
	case key == "Escape":
		down["windowsVirtualKeyCode"] = 27
	}
	p.must("Input.dispatchKeyEvent", down)
	p.must("Input.dispatchKeyEvent", map[string]any{"type": "keyUp", "key": key})
}

// await waits for an event whose parameters fit.
func (b *browser) await(method string, fits func(json.RawMessage) bool) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	for seen := 0; ; {
		b.mu.Lock()
		for ; seen < len(b.events); seen++ {
			if m := b.events[seen]; m.Method == method && fits(m.Params) {
				b.mu.Unlock()
				return
			}
		}
		wake := b.wake
		b.mu.Unlock()
		select {
		case <-wake:
		case <-ctx.Done():
			b.t.Fatal("no ", method)
		}
	}
}

// quiet fails the test if the page wrote an error, threw one, or asked for anything.
func (p *tab) quiet() {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, m := range p.events {
		if m.Session != p.session {
			continue
		}
		text := string(m.Params)
		switch m.Method {
		case "Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded", "Page.javascriptDialogOpening":
			p.t.Errorf("%s: %s", m.Method, text)
		case "Network.requestWillBeSent":
			var r struct{ Request struct{ URL string } }
			_ = json.Unmarshal(m.Params, &r)
			page, _, _ := strings.Cut(p.url, "#")
			if r.Request.URL != page && !strings.HasPrefix(r.Request.URL, "blob:") {
				p.t.Errorf("the page asked for %s", r.Request.URL)
			}
		}
	}
}

// picture writes what the page shows as PNG, the whole of it or what is in view.
func (p *tab) picture(whole bool) []byte {
	p.t.Helper()
	out := p.must("Page.captureScreenshot", map[string]any{"format": "png", "captureBeyondViewport": whole})
	return bytesOf(p.t, out)
}

// print writes the page as PDF.
func (p *tab) print() []byte {
	p.t.Helper()
	return bytesOf(p.t, p.must("Page.printToPDF", map[string]any{"printBackground": true, "preferCSSPageSize": true}))
}

func bytesOf(t *testing.T, out json.RawMessage) []byte {
	t.Helper()
	var data struct{ Data []byte }
	if err := json.Unmarshal(out, &data); err != nil {
		t.Fatal(err)
	}
	return data.Data
}

func field(out json.RawMessage, name string) string {
	var m map[string]any
	_ = json.Unmarshal(out, &m)
	s, _ := m[name].(string)
	return s
}
