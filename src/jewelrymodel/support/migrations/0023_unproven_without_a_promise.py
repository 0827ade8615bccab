"""Requests of unconfirmed senders from before 0019 leave the queue, unless a date was promised.

Earlier acknowledgements named a day. Where one was mailed, or still will be, it holds: such a request
stays open and due. Where it could not be delivered, and nobody of us did anything, nobody waits for
that day: the request waits for its sender, as new ones do.
"""

from django.db import migrations

FORWARD = """
WITH moved AS (
  UPDATE support_case SET state = 'unproven', paused_at = opened_at
  WHERE state = 'open' AND identity_level = 0 AND account_id IS NULL AND assigned_to_id IS NULL
    AND decision_id = '' AND check_name = ''
    AND NOT EXISTS (
      SELECT FROM support_case_entry AS entry
      WHERE entry.case_id = support_case.id
        AND (entry.author LIKE 'user:%'
          OR entry.kind = 'message_out' AND (entry.mail_due OR entry.mailed_at IS NOT NULL))
    )
  RETURNING id
)
INSERT INTO support_case_entry
  (case_id, kind, internal, author, text, mail_id, created_at, mail_due)
SELECT id, 'event', true, 'system:intake',
  'Nobody confirmed this address, and no date was promised: it waits for its sender.',
  '', now(), false
FROM moved ORDER BY id
"""


class Migration(migrations.Migration):
    dependencies = [("support", "0022_closings_are_sampled")]

    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
