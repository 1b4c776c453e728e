# Completion of fob for PowerShell 5.1 and newer. Made from fob's command line;
# `fob completion pwsh` prints it.

Register-ArgumentCompleter -Native -CommandName fob, fob.exe -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $model = @'
@MODEL@
'@ | ConvertFrom-Json

    # Typed text without the quote that it begins with.
    $typed = "$wordToComplete" -replace '^[''"]', ''

    # Offers what begins with the typed text, quoted where PowerShell would read it
    # otherwise. A double quote, and a backslash at the end, do not reach a program
    # unchanged in every version.
    function Offer($text, $help, $type) {
        if (-not $text.StartsWith($typed, [StringComparison]::Ordinal) -or $text -match '"|\\$') { return }
        $quoted = $text
        if ($text -notmatch '^-{0,2}[\p{L}\p{N}_][\p{L}\p{N}_./:=+-]*$') {
            $quoted = "'" + ($text -replace '([''\u2018\u2019\u201a\u201b])', '$1$1') + "'"
        }
        if (-not $help) { $help = $text }
        [System.Management.Automation.CompletionResult]::new($quoted, $text, $type, $help)
    }

    # The names that fob knows, which it prints in UTF-8 whatever the console's.
    function Get-Names($what, $prefix) {
        $program = Get-Command fob -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
        if (-not $program) { return }
        if ($prefix -notmatch '^[\w./:-]+$') { $prefix = '' }
        $encoding, $status = [Console]::OutputEncoding, $global:LASTEXITCODE
        try {
            [Console]::OutputEncoding = [System.Text.UTF8Encoding]::new($false)
            & $program __complete $what $prefix 2>$null
        } catch {
        } finally {
            [Console]::OutputEncoding = $encoding
            $global:LASTEXITCODE = $status
        }
    }

    # Offers the values of a kind, behind a text such as --profile=; of a list its next
    # part. Where there are none PowerShell completes files.
    function Offer-Values($kind, $before) {
        $names = @()
        if ($kind.StartsWith(',')) {
            $kind = $kind.Substring(1)
            if ($typed.Contains(',')) { $before = $typed.Substring(0, $typed.LastIndexOf(',') + 1) }
        }
        if ($kind -eq 'profile') { $names = Get-Names profiles $typed.Substring($before.Length) }
        elseif ($kind -eq 'stored') { $names = Get-Names stored $typed.Substring($before.Length) }
        elseif ($kind -eq 'check') { $names = Get-Names checks $typed.Substring($before.Length) }
        elseif ($kind.StartsWith('=')) { $names = $kind.Substring(1).Split(',') }
        foreach ($name in $names) { Offer "$before$name" '' ParameterValue }
    }

    function Get-Flags($at) { @($model.'*'.flags) + @($model.$at.flags) }

    # The kind of value that a flag takes, '' for a switch.
    function Get-Kind($at, $flag) {
        foreach ($f in Get-Flags $at) {
            if ($flag -ceq $f.name -or $flag -ceq $f.short) { return $f.value }
        }
        ''
    }

    # The kind of the argument number n, '' for one too many.
    function Get-ArgumentKind($at, $n) {
        $all = @($model.$at.args)
        if ($n -lt $all.Count) { return $all[$n].Replace('...', '') }
        if ($all.Count -gt 0 -and $all[-1].EndsWith('...')) { return $all[-1].Replace('...', '') }
        ''
    }

    # Completes the command that begins at an offset of the line by its own completion.
    function Complete-Other($start) {
        $text = $commandAst.Extent.Text.PadRight($cursorPosition - $commandAst.Extent.StartOffset)
        $text = $text.Substring($start - $commandAst.Extent.StartOffset, $cursorPosition - $start)
        [System.Management.Automation.CommandCompletion]::CompleteInput($text, $text.Length, $null).CompletionMatches
    }

    $at, $n, $kind, $dashes = 'fob', 0, '', $false
    foreach ($element in $commandAst.CommandElements | Select-Object -Skip 1) {
        if ($element.Extent.EndOffset -ge $cursorPosition) { break }
        $word = $element.Extent.Text
        if ($element -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $word = $element.Value }
        if ($kind) { $kind = '' }
        elseif ($dashes -and $model.$at.runs) { return Complete-Other $element.Extent.StartOffset }
        elseif (-not $dashes -and $word -eq '--') { $dashes = $true }
        elseif (-not $dashes -and $word -match '^-.') { $kind = Get-Kind $at $word }
        elseif (-not $dashes -and $n -eq 0 -and $model.PSObject.Properties["$at $word"]) { $at = $model."$at $word".path }
        else { $n++ }
    }

    if ($kind) {
        Offer-Values $kind ''
    } elseif ($dashes -and $model.$at.runs) {
        Complete-Other ($cursorPosition - "$wordToComplete".Length)
    } elseif (-not $dashes -and $typed -match '^(--[^=]+)=') {
        $flag = $Matches[1]
        Offer-Values (Get-Kind $at $flag) "$flag="
    } elseif (-not $dashes -and $typed.StartsWith('-')) {
        foreach ($f in Get-Flags $at) { Offer $f.name $f.help ParameterName }
    } elseif ($n -eq 0 -and @($model.$at.below).Count -gt 0) {
        foreach ($b in $model.$at.below) { Offer $b.name $b.help Command }
    } else {
        Offer-Values (Get-ArgumentKind $at $n) ''
    }
}
