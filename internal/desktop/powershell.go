package desktop

import (
	"encoding/base64"
	"encoding/binary"
	"strconv"
	"time"
	"unicode/utf16"

	"fob/internal/command"
)

// powerShell is Windows'. The scripts are fixed; what they show is in variables.
type powerShell struct{ path string }

func newPowerShell(getenv func(string) string) powerShell {
	root := getenv("SystemRoot")
	if root == "" {
		root = `C:\Windows`
	}
	return powerShell{root + `\System32\WindowsPowerShell\v1.0\powershell.exe`}
}

// What powerShellAsk ends with. 1 is PowerShell's own, for an error.
const (
	powerShellNo     = 10
	powerShellCancel = 11
	powerShellLate   = 12
)

// powerShellAsk shows a window of its own, as the InputBox of Visual Basic cannot
// hide what is typed. The label takes its text as it is (UseMnemonic). The answer
// is Base64 of UTF-8, so that no code page changes it. A service has no desktop to
// show a window on.
const powerShellAsk = `$ErrorActionPreference = 'Stop'
if (-not [Environment]::UserInteractive) { exit 1 }
Add-Type -AssemblyName System.Windows.Forms
Add-Type -AssemblyName System.Drawing
[Windows.Forms.Application]::EnableVisualStyles()
$kind = $env:FOB_DIALOG_KIND
$form = New-Object Windows.Forms.Form
$form.Text = $env:FOB_DIALOG_TITLE
$form.FormBorderStyle = 'FixedDialog'
$form.MaximizeBox = $false
$form.MinimizeBox = $false
$form.StartPosition = 'CenterScreen'
$form.TopMost = $true
$form.AutoSize = $true
$form.AutoSizeMode = 'GrowAndShrink'
$rows = New-Object Windows.Forms.FlowLayoutPanel
$rows.FlowDirection = 'TopDown'
$rows.AutoSize = $true
$rows.Padding = New-Object Windows.Forms.Padding 12
$label = New-Object Windows.Forms.Label
$label.UseMnemonic = $false
$label.AutoSize = $true
$label.MaximumSize = New-Object Drawing.Size 460, 0
$label.Text = $env:FOB_DIALOG_TEXT
$rows.Controls.Add($label)
$box = New-Object Windows.Forms.TextBox
$box.Width = 460
$box.UseSystemPasswordChar = ($kind -eq 'secret')
$choices = 'OK', 'Cancel'
if ($kind -eq 'confirm') { $choices = 'Yes', 'No' } else { $rows.Controls.Add($box) }
$buttons = New-Object Windows.Forms.FlowLayoutPanel
$buttons.AutoSize = $true
foreach ($choice in $choices) {
  $button = New-Object Windows.Forms.Button
  $button.Text = $choice
  $button.DialogResult = $choice
  $buttons.Controls.Add($button)
  if ($choice -eq 'OK' -or $choice -eq 'No') { $form.AcceptButton = $button; $form.ActiveControl = $button }
  if ($choice -eq 'Cancel') { $form.CancelButton = $button }
}
$rows.Controls.Add($buttons)
$form.Controls.Add($rows)
$timer = New-Object Windows.Forms.Timer
$timer.Interval = 1000 * [int]$env:FOB_DIALOG_SECONDS
$timer.Add_Tick({ $timer.Stop(); $form.DialogResult = 'Abort' })
$timer.Start()
$form.Add_Shown({ $form.Activate(); if ($kind -ne 'confirm') { [void]$box.Focus() } })
switch ([string]$form.ShowDialog()) {
  'OK' { [Console]::Out.Write([Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($box.Text))); exit 0 }
  'Yes' { exit 0 }
  'No' { exit 10 }
  'Abort' { exit 12 }
}
exit 11`

// powerShellNotify stays until the notification has been seen: it goes with its icon.
const powerShellNotify = `$ErrorActionPreference = 'Stop'
if (-not [Environment]::UserInteractive) { exit 1 }
Add-Type -AssemblyName System.Windows.Forms
Add-Type -AssemblyName System.Drawing
$icon = New-Object Windows.Forms.NotifyIcon
$icon.Icon = [Drawing.SystemIcons]::Information
$icon.Visible = $true
$icon.ShowBalloonTip(10000, $env:FOB_DIALOG_TITLE, $env:FOB_DIALOG_TEXT, 'Info')
Start-Sleep -Seconds 10
$icon.Dispose()`

func (p powerShell) ask(q Question, left time.Duration) (argv, env []string) {
	return p.call(powerShellAsk), []string{
		"FOB_DIALOG_TITLE=" + q.Title,
		"FOB_DIALOG_TEXT=" + q.Text,
		"FOB_DIALOG_KIND=" + string(q.Kind),
		"FOB_DIALOG_SECONDS=" + strconv.Itoa(int(left.Seconds())+1),
	}
}

func (p powerShell) notification(title, text string) (argv, env []string) {
	return p.call(powerShellNotify), []string{"FOB_DIALOG_TITLE=" + title, "FOB_DIALOG_TEXT=" + text}
}

// call runs a script without the user's profile scripts. -WindowStyle is left out: it
// would hide the console that fob shares with the shell.
func (p powerShell) call(script string) []string {
	return []string{p.path, "-NoLogo", "-NoProfile", "-NonInteractive", "-Sta", "-EncodedCommand", encodedCommand(script)}
}

// encodedCommand is a script as -EncodedCommand takes it: Base64 of UTF-16LE.
func encodedCommand(script string) string {
	var raw []byte
	for _, unit := range utf16.Encode([]rune(script)) {
		raw = binary.LittleEndian.AppendUint16(raw, unit)
	}
	return base64.StdEncoding.EncodeToString(raw)
}

func (powerShell) answer(k Kind, r command.Result) (string, error, bool) {
	switch r.ExitCode {
	case 0:
		if k == Confirm {
			return yes, nil, true
		}
		text, err := base64.StdEncoding.DecodeString(firstLine(r))
		return string(text), nil, err == nil
	case powerShellNo:
		return "", nil, true
	case powerShellCancel:
		return "", ErrCancelled, true
	case powerShellLate:
		return "", ErrTimeout, true
	}
	return "", nil, false
}
