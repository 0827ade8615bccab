#!/bin/sh
# Finding: a condition that can't be evaluated comes back from cel-expr-python as a text, which is
# true to Python.
#
# One would guess:  `eval` raises where a variable has no value or one of another type, as
#                   `compile` raises on what is wrong with the text.
# Seen:             nothing is raised: the result is a value of the type ERROR, whose `value()` is
#                   the error's sentence. `if expression.eval(data=facts).value():` is entered for
#                   a fact that is missing, None or "false". What the error can't change is answered
#                   (`late || true` is true, `late && false` is false), and True passes for an int.
# Version:          cel-expr-python 0.1.3, Python 3.11.
# Whom it hurts:    whoever lets a rule grant something and looks at the value alone; ask
#                   `type() == cel.Type.BOOL` first.
# Source:           https://github.com/cel-expr/cel-python; the language's definition calls errors
#                   what ends an evaluation (cel-spec, langdef.md, "Evaluation").
# Exit status:      0 while it is so, 1 once it has changed. Run by hand; no test runs it.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check cel-expr-python==0.1.3
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

from cel_expr_python import cel

late = cel.NewEnv(variables={"late": cel.Type.BOOL})
days = cel.NewEnv(variables={"days": cel.Type.INT})
asked = (
    (late, "late", {}),
    (late, "late", {"late": None}),
    (late, "late", {"late": "false"}),
    (days, "days > 3", {"days": "4"}),
)
print(f"cel-expr-python {version('cel-expr-python')}")
taken = []
for environment, text, facts in asked:
    result = environment.compile(text).eval(data=facts)
    taken.append(result.type() == cel.Type.ERROR and bool(result.value()))
    print(f"  {text!r} of {facts}: {result.type()}, {result.value()!r}")
settled = late.compile("late || true").eval(data={}).value()
counted = days.compile("days > 0").eval(data={"days": True}).value()
print(f"  'late || true' of {{}}: {settled!r}; 'days > 0' of {{'days': True}}: {counted!r}")
is_so = taken == [True] * 4 and settled is True and counted is True
print("still so" if is_so else "changed")
sys.exit(0 if is_so else 1)
PYTHON
