# Completion of fob for xonsh. Made from fob's command line; `fob completion xonsh`
# prints it.


def _fob_completer(model):
    import keyword
    import subprocess

    from xonsh.built_ins import XSH
    from xonsh.completers.commands import complete_command
    from xonsh.completers.path import contextual_complete_path
    from xonsh.completers.tools import RichCompletion, contextual_command_completer_for
    from xonsh.parsers.completion_context import CompletionContext

    def quoted(word):
        """The word as xonsh reads it again; None for one that it cannot."""
        if word and all(c.isalnum() or c in "_-./:," for c in word) and not keyword.iskeyword(word):
            return word
        if word.endswith("\\"):
            return None  # a raw string cannot end in one, and others expand variables
        for quote in "'", '"':
            if quote not in word:
                return "r" + quote + word + quote
        return None

    def flags(at):
        return model["*"]["flags"] + model[at]["flags"]

    def value_of(at, flag):
        for f in flags(at):
            if flag in (f["name"], f["short"]):
                return f["value"]
        return ""

    def argument_of(at, n):
        """The kind of the argument number n, "" for one too many."""
        kinds = model[at]["args"]
        if n < len(kinds):
            return kinds[n].replace("...", "")
        if kinds and kinds[-1].endswith("..."):
            return kinds[-1].replace("...", "")
        return ""

    def names(what, prefix):
        try:
            out = subprocess.run(
                ["fob", "__complete", what, prefix], env=XSH.env.detype(), timeout=5,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            ).stdout
        except (OSError, subprocess.SubprocessError):
            return []
        return out.decode(errors="replace").splitlines()

    def offered(words, context, before=""):
        """What begins with what is typed, of words or pairs of a word and its help."""
        found = set()
        for word in words:
            word, about = (word, "") if isinstance(word, str) else word
            text = quoted(before + word)
            if (before + word).startswith(context.prefix) and text is not None:
                found.add(RichCompletion(
                    text, description=about, prefix_len=len(context.raw_prefix), append_closing_quote=False, append_space=True,
                ))
        return found

    def values(kind, context, before=""):
        """The values of a kind, behind a text such as --profile=; of a list its next part."""
        if kind.startswith(","):
            kind = kind[1:]
            if "," in context.prefix:
                before = context.prefix[:context.prefix.rindex(",") + 1]
        if kind == "profile":
            return offered(names("profiles", context.prefix[len(before):]), context, before)
        if kind == "stored":
            return offered(names("stored", context.prefix[len(before):]), context, before)
        if kind == "check":
            return offered(names("checks", context.prefix[len(before):]), context, before)
        if kind == "file" and not before:
            return contextual_complete_path(context)
        if kind.startswith("="):
            return offered(kind[1:].split(","), context, before)
        return set()

    def run(context, first):
        """Completes the command that begins at an argument by its own completion."""
        inner = context._replace(args=context.args[first:], arg_index=context.arg_index - first)
        if inner.arg_index == 0:
            return set(complete_command(inner))
        from xonsh.completer import Completer

        return Completer().complete_from_context(CompletionContext(inner))

    @contextual_command_completer_for("fob")
    def complete_fob(context):
        """commands, flags and profiles of fob"""
        at, n, kind, dashes = "fob", 0, "", False
        for i in range(1, context.arg_index):
            word = context.args[i].value
            if kind:
                kind = ""
            elif dashes and model[at]["runs"]:
                return run(context, i)
            elif not dashes and word == "--":
                dashes = True
            elif not dashes and len(word) > 1 and word.startswith("-"):
                kind = value_of(at, word)
            elif not dashes and n == 0 and at + " " + word in model:
                at = model[at + " " + word]["path"]
            else:
                n += 1
        word = context.prefix
        if kind:
            return values(kind, context)
        if dashes and model[at]["runs"]:
            return run(context, context.arg_index)
        if not dashes and word.startswith("--") and "=" in word:
            flag = word.split("=")[0]
            return values(value_of(at, flag), context, flag + "=")
        if not dashes and word.startswith("-"):
            return offered([(f["name"], f["help"]) for f in flags(at)], context)
        if model[at]["below"] and n == 0:
            return offered([(b["name"], b["help"]) for b in model[at]["below"]], context)
        return values(argument_of(at, n), context)

    return complete_fob


def _fob_add():
    from xonsh.completers.completer import add_one_completer

    add_one_completer("fob", _fob_completer(@MODEL@), "start")


_fob_add()
del _fob_add, _fob_completer
