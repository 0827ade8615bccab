"""The desk's lists and its search at many requests, and at few, in one run.

Run with ``python bench/desk_search.py [cases]`` (100,000 unless told): on an embedded cluster of
its own. Each case has four entries of 40 words, drawn from 20,000 by their rank (a few in most
texts, most in few); one in fifty waits for its sender, one in five hundred is open. Each question
is asked seven times; the median is printed.
"""

import sys
from collections.abc import Callable
from statistics import median
from time import perf_counter

from ledger import cluster, prepare

SMALL, TIMES = 1_000, 7
_WORDS = """
CREATE FUNCTION bench_words(seed int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT string_agg('w' || (20000 * power(share, 4))::int, ' ') FROM (
    SELECT (hashint8(seed * 41::bigint + n) & 1048575) / 1048576.0 AS share
      FROM generate_series(1, 40) AS n) AS drawn
$$;
"""
_CASES = """
INSERT INTO support_case (id, number, email, identity_level, channel, category, subject_kind,
  subject_id, verified_records, state, thread_key, check_name, check_subject, decision_id,
  opened_at, due_at, calendar, paused_at, extension_reason, answered_at)
SELECT 'case_' || n, n, 'sender' || n || '@else.example', CASE WHEN n %% 50 = 0 THEN 0 ELSE 2 END,
  'mail', 'other', 'account', '', '[]',
  CASE WHEN n %% 500 = 1 THEN 'open' WHEN n %% 50 = 0 THEN 'unproven' ELSE 'closed' END, 'key' || n,
  '', '', '', now() - interval '1 minute' * n, now() + interval '1 day', 'bench',
  CASE WHEN n %% 50 = 0 THEN now() END, '', NULL
FROM generate_series(%(since)s + 1, %(until)s) AS n;
INSERT INTO support_case_entry
  (case_id, kind, internal, author, text, mail_id, created_at, mail_due)
SELECT 'case_' || n, CASE part WHEN 1 THEN 'message_out' ELSE 'message_in' END, false,
  CASE part WHEN 1 THEN 'user:1' ELSE 'customer' END, bench_words((n * 4 + part)::int), '',
  now(), false
FROM generate_series(%(since)s + 1, %(until)s) AS n, generate_series(0, 3) AS part;
INSERT INTO support_inbound_email (mail_id, sender, subject, outcome, reason, received_at, text)
SELECT 'mail_' || n, 'x@else.example', 'Hello', 'unanswered', '', now(), bench_words(n::int)
FROM generate_series(%(since)s + 1, %(until)s, 10) AS n;
"""


def main() -> None:
    """Print each question's time at few and at many cases."""
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with cluster():
        prepare(0)
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(_WORDS)
        _grow(0, SMALL)
        few_ms = _times()
        _grow(SMALL, many)
        print(f"{'':<34}{SMALL:>10,}{many:>12,}   cases, ms")
        for name, many_ms in _times().items():
            print(f"{name:<34}{few_ms[name]:>10.1f}{many_ms:>12.1f}")


def _grow(since: int, until: int) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_CASES, {"since": since, "until": until})
        cursor.execute("VACUUM ANALYZE support_case, support_case_entry, support_inbound_email")


def _times() -> dict[str, float]:
    from jewelrymodel.support import queries

    def words(text: str, offset: int = 0) -> Callable[[], object]:
        return lambda: queries.cases_with_words(text=text, limit=20, offset=offset)

    questions: dict[str, Callable[[], object]] = {
        "search: a rare word": words("w12345"),
        "search: a word in one of 20": words("w900"),
        "search: the most frequent word": words("w0"),
        "search: … its tenth page": words("w0", 180),
        "search: two words, one without": words("w15 w300 -w2"),
        "search: email without a request": lambda: queries.emails_with_words(text="w900", limit=20),
        "queue: a page and its messages": lambda: queries.last_messages(list(queries.queue()[:50])),
        "queue: how many": lambda: queries.queue().count(),
        "unconfirmed senders: a page": lambda: queries.last_messages(list(queries.unproven()[:50])),
        "unconfirmed senders: how many": queries.unproven_count,
    }
    return {name: _ms(ask) for name, ask in questions.items()}


def _ms(ask: Callable[[], object]) -> float:
    times = []
    for _ in range(TIMES):
        began = perf_counter()
        ask()
        times.append((perf_counter() - began) * 1000)
    return median(times)


if __name__ == "__main__":
    main()
